import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'primary' | 'outline' | 'quiet' | 'danger';
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ kind = 'quiet', className = '', type = 'button', ...rest }: Props) {
  return <button type={type} className={`button ${kind} ${className}`} {...rest} />;
}

interface IconProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What the button does: its name for everybody who does not see the picture, and its tooltip. */
  label: string;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ label, className = '', type = 'button', ...rest }: IconProps) {
  return (
    <button
      type={type}
      className={`icon-button ${className}`}
      aria-label={label}
      title={label}
      {...rest}
    />
  );
}
