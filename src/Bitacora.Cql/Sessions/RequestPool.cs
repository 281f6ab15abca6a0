using System.Collections.Concurrent;

namespace Bitacora.Cql.Sessions;

/// <summary>Requests that are not in use. What is too many is left to the garbage collector.</summary>
internal sealed class RequestPool(RequestDispatcher dispatcher)
{
    private const int MaxKept = 4096;

    private readonly ConcurrentQueue<SessionRequest> _requests = new();
    private int _count;

    public SessionRequest Rent()
    {
        if (_requests.TryDequeue(out var request))
        {
            Interlocked.Decrement(ref _count);
            return request;
        }

        return new SessionRequest(dispatcher, this);
    }

    public void Return(SessionRequest request)
    {
        if (Interlocked.Increment(ref _count) <= MaxKept)
        {
            _requests.Enqueue(request);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
