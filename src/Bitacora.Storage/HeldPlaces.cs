namespace Bitacora.Storage;

/// <summary>All free places of a semaphore, given back by disposing.</summary>
internal sealed class HeldPlaces : IDisposable
{
    private readonly SemaphoreSlim _places;
    private readonly int _held;

    public HeldPlaces(SemaphoreSlim places)
    {
        _places = places;
        while (places.Wait(TimeSpan.Zero))
        {
            _held++;
        }
    }

    public void Dispose() => _places.Release(_held);
}
