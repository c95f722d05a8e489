import { ApiError, asApiError, errorFromEnvelope } from './errors';
import type { BroughtIn } from './types';

/** Sends a file, reporting the sent share (0 to 1). XMLHttpRequest, because fetch reports no upload progress. */
export function upload(
  file: File,
  libraryId: string | undefined,
  onProgress: (share: number) => void,
): Promise<BroughtIn> {
  const query = new URLSearchParams({ filename: file.name });
  if (libraryId !== undefined) query.set('library_id', libraryId);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/media/upload?${query.toString()}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
    };
    request.onerror = () => reject(asApiError(new TypeError('network')));
    request.onabort = () => reject(asApiError(new TypeError('abort')));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300)
        resolve((request.response as { data: BroughtIn }).data);
      else reject(refusal(request));
    };
    request.send(file);
  });
}

function refusal(request: XMLHttpRequest): ApiError {
  const headers = new Headers();
  const id = request.getResponseHeader('x-request-id');
  if (id !== null) headers.set('x-request-id', id);
  return errorFromEnvelope(request.response, request.status, headers);
}
