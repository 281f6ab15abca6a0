using Bitacora.Cql.Frames;

namespace Bitacora.Cql.Connections;

/// <summary>
/// The requests that a connection owns: those that wait in line, and those that were written and wait for their answer. Admits as many
/// as streams and bytes allow, in the order in which they came. Guarded by the connection's lock.
/// </summary>
internal sealed class RequestsInFlight(CqlOptions options, ProtocolVersion version, OutgoingFrames outgoing)
{
    private readonly StreamTable _streams = new(options.MaxRequestsInFlight);
    private readonly WaitingLine _waiting = new();
    private long _bytes;
    private int _refused;

    public int Count => _streams.InUse + _waiting.Count;

    public int Waiting => _waiting.Count;

    public int Orphans => _streams.Orphans;

    /// <summary>Nobody waits for anything any more.</summary>
    public bool OnlyOrphans => _streams.InUse == _streams.Orphans && _waiting.Count == 0;

    /// <summary>
    /// A server refused a request and did not say which (Cassandra before CASSANDRA-21508 does, of those that waited for too long): its
    /// answer will not come.
    /// </summary>
    public void RefusedOne() => _refused++;

    /// <summary>Takes what was refused, as soon as everything else is answered: what is left then are the refused ones.</summary>
    /// <returns>Whether it was so.</returns>
    public bool TryTakeRefused(List<Request> taken)
    {
        if (_streams.Unanswered > _refused)
        {
            return false;
        }

        _streams.Drain(taken);
        taken.ForEach(request => (request.WasSent, request.Owner) = (true, null));
        return true;
    }

    public void Add(Request request)
    {
        if (_waiting.Count == 0 && HasRoomFor(request))
        {
            Write(request);
        }
        else
        {
            _waiting.Add(request);
        }
    }

    /// <summary>Unless the last one is still without answer.</summary>
    public void AddHeartbeat()
    {
        if (_streams.TryTakeHeartbeat())
        {
            outgoing.Append(new EnvelopeHeader((byte)version, EnvelopeFlags.None, StreamTable.Heartbeat, Opcode.Options, 0), null);
        }
    }

    /// <summary>An answer came: its request is owned by the caller now, its stream by the next in line.</summary>
    public StreamState Answered(short stream, out Request? request)
    {
        var state = _streams.Release(stream, out request, out var size);
        _bytes -= size;
        if (request is not null)
        {
            request.Owner = null;
        }

        while (_waiting.First is { } next && HasRoomFor(next))
        {
            _waiting.Remove(next);
            Write(next);
        }

        return state;
    }

    /// <summary>Takes a request out before its answer. Its stream stays taken until that comes.</summary>
    public void Remove(Request request, long now)
    {
        if (request.IsWaiting)
        {
            _waiting.Remove(request);
            request.WasSent = false;
        }
        else
        {
            _streams.Orphan(request.Stream, now);
            request.WasSent = true;
        }

        request.Owner = null;
    }

    public void TakeExpired(long now, List<Request> taken)
    {
        for (var request = _waiting.First; request is not null; request = request.After)
        {
            if (request.Deadline <= now)
            {
                taken.Add(request);
            }
        }

        _streams.CollectExpired(now, taken);
        foreach (var request in taken)
        {
            Remove(request, now);
        }
    }

    public bool HasOrphanBefore(long time) => _streams.HasOrphanBefore(time);

    public void TakeWaiting(List<Request> taken)
    {
        while (_waiting.First is { } request)
        {
            Remove(request, 0);
            taken.Add(request);
        }
    }

    /// <summary>The connection is closed. What no send round has taken along yet was surely not sent.</summary>
    public void TakeAll(List<Request> taken)
    {
        TakeWaiting(taken);
        var waiting = taken.Count;
        _streams.Drain(taken);
        for (var i = waiting; i < taken.Count; i++)
        {
            taken[i].WasSent = taken[i].Round < outgoing.Round;
            taken[i].Owner = null;
        }
    }

    // A request that is larger than the limit goes alone.
    private bool HasRoomFor(Request request) =>
        _streams.HasFree && (_bytes == 0 || _bytes + request.Size <= options.MaxBytesInFlight);

    private void Write(Request request)
    {
        request.Stream = _streams.Take(request, request.Size);
        request.Round = outgoing.Round;
        _bytes += request.Size;
        var bodyLength = request.Size - EnvelopeHeader.Size;
        outgoing.Append(new EnvelopeHeader((byte)version, EnvelopeFlags.None, request.Stream, request.Opcode, bodyLength), request);
    }
}
