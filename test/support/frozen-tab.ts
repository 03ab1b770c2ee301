/** A tab that has its turn and says nothing more. Resolves once it has the lock of that name. */
export async function frozenTab(name: string): Promise<{ readonly stolen: Promise<void> }> {
  let stolen = Promise.resolve();
  await new Promise<void>((resolve) => {
    const frozen = navigator.locks.request(name, () => new Promise<void>(() => resolve()));
    stolen = frozen.catch((error: Error) => {
      if (error.name !== 'AbortError') throw error;
    });
  });
  return { stolen };
}
