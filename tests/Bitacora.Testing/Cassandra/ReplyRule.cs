namespace Bitacora.Testing.Cassandra;

/// <summary>What a node answers to requests that fit, so many times.</summary>
public sealed class ReplyRule
{
    private readonly Func<FakeRequest, bool> _fits;
    private readonly Func<FakeRequest, FakeReply?> _reply;
    private readonly int _times;
    private int _uses;

    internal ReplyRule(Func<FakeRequest, bool> fits, Func<FakeRequest, FakeReply?> reply, int times)
    {
        _fits = fits;
        _reply = reply;
        _times = times;
    }

    /// <summary>How many requests it has answered.</summary>
    public int Uses => Volatile.Read(ref _uses);

    /// <summary>Null if the rule is about something else, used up, or leaves this request to others.</summary>
    internal FakeReply? Answer(FakeRequest request)
    {
        if (!_fits(request))
        {
            return null;
        }

        if (Interlocked.Increment(ref _uses) <= _times && _reply(request) is { } reply)
        {
            return reply;
        }

        Interlocked.Decrement(ref _uses);
        return null;
    }
}
