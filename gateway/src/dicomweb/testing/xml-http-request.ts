/** As much of XMLHttpRequest, over fetch, as `dicomweb-client` uses: that client is made for browsers. */
export class FetchedXmlHttpRequest {
  readyState = 0;
  status = 0;
  response: unknown = undefined;
  responseType = '';
  withCredentials = false;
  onreadystatechange: () => void = () => {};
  #method = 'GET';
  #url = '';
  #sent = new Headers();
  #received = new Headers();

  open(method: string, url: string): void {
    this.#method = method;
    this.#url = url;
  }

  setRequestHeader(name: string, value: string): void {
    this.#sent.append(name, value);
  }

  getResponseHeader(name: string): string | null {
    return this.#received.get(name);
  }

  send(body?: ArrayBuffer): void {
    void this.#run(body);
  }

  async #run(body: ArrayBuffer | undefined): Promise<void> {
    const response = await fetch(this.#url, {
      method: this.#method,
      headers: this.#sent,
      ...(body === undefined ? {} : { body }),
    });
    const bytes = await response.arrayBuffer();
    this.status = response.status;
    this.#received = response.headers;
    const text = (): string => new TextDecoder().decode(bytes);
    if (this.responseType === 'arraybuffer') this.response = bytes;
    else this.response = this.responseType === 'json' ? JSON.parse(text()) : text();
    this.readyState = 4;
    this.onreadystatechange();
  }
}
