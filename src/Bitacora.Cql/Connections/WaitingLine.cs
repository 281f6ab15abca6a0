namespace Bitacora.Cql.Connections;

/// <summary>
/// Requests that wait for a connection's stream or bytes, first come, first served. A linked list through the requests: anyone may leave
/// it.
/// </summary>
internal sealed class WaitingLine
{
    public int Count { get; private set; }

    public Request? First { get; private set; }

    private Request? Last { get; set; }

    public void Add(Request request)
    {
        request.IsWaiting = true;
        request.Before = Last;
        if (Last is null)
        {
            First = request;
        }
        else
        {
            Last.After = request;
        }

        Last = request;
        Count++;
    }

    public void Remove(Request request)
    {
        if (request.Before is null)
        {
            First = request.After;
        }
        else
        {
            request.Before.After = request.After;
        }

        if (request.After is null)
        {
            Last = request.Before;
        }
        else
        {
            request.After.Before = request.Before;
        }

        request.Before = request.After = null;
        request.IsWaiting = false;
        Count--;
    }
}
