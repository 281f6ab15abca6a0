using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Security;

/// <summary>
/// Who was refused, why and how often: most senders that get a 401 lose their logs without a word. The last to come are remembered.
/// Thread-safe.
/// </summary>
internal sealed class RefusedCallers(TimeProvider clock, ILogger logger)
{
    private const int Most = 1_000;

    // Whoever has a whole network of addresses does not fill the log with them.
    private const int LinesAMinute = 10;
    private static readonly TimeSpan _sayAgainAfter = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Address, RefusalReason Reason, KeyScope Wanted, string? Key), Entry> _entries = [];
    private DateTimeOffset _minute;
    private int _lines;
    private readonly long[] _counts = new long[Enum.GetValues<RefusalReason>().Length];

    /// <summary>How many requests were refused for a reason.</summary>
    public long Count(RefusalReason reason) => Interlocked.Read(ref _counts[(int)reason]);

    public void Add(HttpContext http, RefusalReason reason, KeyScope wanted, string? key)
    {
        var address = NetworkOf(http.Connection.RemoteIpAddress);
        var now = clock.GetUtcNow();
        Interlocked.Increment(ref _counts[(int)reason]);
        bool isSaid;
        lock (_gate)
        {
            if (!_entries.TryGetValue((address, reason, wanted, key), out var entry))
            {
                if (_entries.Count == Most)
                {
                    _entries.Remove(_entries.MinBy(known => known.Value.Last).Key);
                }

                _entries.Add((address, reason, wanted, key), entry = new Entry { First = now });
            }

            entry.Requests++;
            entry.Last = now;
            entry.Client = Caller.ClientOf(http);
            isSaid = now - entry.Said > _sayAgainAfter && MaySay(now);
            entry.Said = isSaid ? now : entry.Said;
        }

        if (isSaid)
        {
            Log.CallerRefused(logger, address, reason, key ?? "none");
        }
    }

    /// <summary>All that are remembered, the last first.</summary>
    public IReadOnlyList<RefusedCaller> List()
    {
        lock (_gate)
        {
            return
            [
                .. _entries.OrderByDescending(entry => entry.Value.Last).Select(entry => new RefusedCaller(
                    entry.Key.Address, entry.Key.Reason, entry.Key.Wanted, entry.Key.Key, entry.Value.Client, entry.Value.Requests,
                    entry.Value.First, entry.Value.Last)),
            ];
        }
    }

    private bool MaySay(DateTimeOffset now)
    {
        if (now - _minute > TimeSpan.FromMinutes(1))
        {
            (_minute, _lines) = (now, 0);
        }

        return ++_lines <= LinesAMinute;
    }

    /// <summary>An address; of IPv6 its network of 64 bits, for a host has all of that.</summary>
    private static string NetworkOf(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } || IPAddress.IsLoopback(address))
        {
            return $"{(address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)}";
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    private sealed class Entry
    {
        public long Requests { get; set; }

        public DateTimeOffset First { get; init; }

        public DateTimeOffset Last { get; set; }

        public DateTimeOffset Said { get; set; }

        public string Client { get; set; } = "";
    }
}
