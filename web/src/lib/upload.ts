// Files travel as base64 inside a mutation: the server reads UTF-8 and what Excel writes in Japan.

export const FILE_BYTES_MAX = 5_000_000;

export async function base64Of(file: File): Promise<string> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(reader.result as string);
    };
    reader.onerror = () => {
      reject(new Error("the file could not be read"));
    };
    reader.readAsDataURL(file);
  });
  return url.slice(url.indexOf(",") + 1);
}
