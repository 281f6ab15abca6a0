using Bitacora.Server.Security;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Senders;

/// <summary>
/// Who sends records to this server: what each says of itself with its requests, and what the server saw. In memory, for a day after a
/// sender's last request; of more than ten thousand the one that was silent longest goes. Thread-safe.
/// </summary>
internal sealed class SenderBook(TimeProvider clock)
{
    private const int Most = 10_000;
    private static readonly TimeSpan _forgetAfter = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, KnownSender> _senders = [];
    private long _malformed;

    /// <summary>Headers that could not be read; their records were taken all the same.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _senders.Count;
            }
        }
    }

    /// <summary>A request with records was answered.</summary>
    /// <param name="http">The request.</param>
    /// <param name="records">Records that it brought and the server took, repeats too.</param>
    /// <param name="rejected">Records that it brought and the server could not read.</param>
    public void Saw(HttpContext http, long records, long rejected)
    {
        var header = HeaderOf(http);
        var caller = Caller.Of(http);
        var address = $"{http.Connection.RemoteIpAddress}";
        var client = header?.Text("client") ?? Caller.ClientOf(http);
        var key = header is null
            ? $"{caller.Key}\n{address}\n{client}"
            : $"{caller.Key}\n{header.Sender}\n{header.Text("host")}\n{header.Number("process")}\n{header.Number("since")}";
        Saw(key, caller.Key, header, address, client, records, rejected);
    }

    /// <summary>A batch is durable whose sender says nothing of itself and waits for no answer.</summary>
    /// <param name="client">What kind of sender.</param>
    /// <param name="address">Where it sends from, as far as that is known.</param>
    /// <param name="records">Records of the batch.</param>
    public void Saw(string client, string address, long records) =>
        Saw($"\n{address}\n{client}", null, null, address, client, records, rejected: 0);

    /// <summary>All senders: those with trouble first, then by name.</summary>
    public IReadOnlyList<SenderStatus> List()
    {
        var now = clock.GetUtcNow();
        List<SenderStatus> all;
        lock (_gate)
        {
            Forget(now);
            all = [.. _senders.Values.Select(sender => sender.ToStatus(now))];
        }

        var alive = all.Where(sender => now - sender.LastSeen <= KnownSender.SilentAfter)
            .Select(sender => (sender.Name, sender.Host)).ToHashSet();
        return
        [
            .. all.Select(sender => sender.State == SenderState.Silent && alive.Contains((sender.Name, sender.Host))
                    ? sender with { State = SenderState.Ended }
                    : sender)
                .OrderByDescending(sender => sender.State).ThenBy(sender => sender.Name, StringComparer.Ordinal)
                .ThenBy(sender => sender.Host, StringComparer.Ordinal).ThenBy(sender => sender.Process),
        ];
    }

    private void Saw(
        string sender, string? key, SenderHeader? header, string address, string client, long records, long rejected)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            if (!_senders.TryGetValue(sender, out var known))
            {
                MakeRoom(now);
                _senders.Add(sender, known = new KnownSender(key, now));
            }

            known.Saw(header, address, client, records, rejected, now);
        }
    }

    private SenderHeader? HeaderOf(HttpContext http)
    {
        if (http.Request.Headers[SenderHeader.Name].ToString() is not { Length: > 0 } text)
        {
            return null;
        }

        if (SenderHeader.TryParse(text, out var header))
        {
            return header;
        }

        Interlocked.Increment(ref _malformed);
        return null;
    }

    /// <summary>Many at once, so that whoever comes under ever new names does not make all others wait.</summary>
    private void MakeRoom(DateTimeOffset now)
    {
        if (_senders.Count < Most)
        {
            return;
        }

        Forget(now);
        foreach (var (key, _) in _senders.OrderBy(sender => sender.Value.LastSeen).Take(_senders.Count - Most + (Most / 10)).ToList())
        {
            _senders.Remove(key);
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, sender) in _senders)
        {
            if (now - sender.LastSeen > _forgetAfter)
            {
                _senders.Remove(key);
            }
        }
    }
}
