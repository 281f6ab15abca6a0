namespace Bitacora.Storage;

/// <summary>Places of a semaphore, given back by disposing.</summary>
internal sealed class HeldPlaces(SemaphoreSlim places, int held) : IDisposable
{
    public void Dispose()
    {
        if (held > 0)
        {
            places.Release(held);
        }
    }
}
