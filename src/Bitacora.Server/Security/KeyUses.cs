using System.Buffers.Binary;
using System.Collections.Concurrent;
using Bitacora.Storage;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Security;

/// <summary>
/// Writes down when secrets were used, every five minutes and at the end, for people who want to revoke old ones. Thread-safe.
/// </summary>
internal sealed class KeyUses(Func<CancellationToken, ValueTask<IStateStore?>> open, ILogger logger)
{
    private static readonly TimeSpan _every = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new();
    private readonly Dictionary<string, DateTimeOffset> _noted = [];
    private string? _fault;

    public void Saw(string secretId, DateTimeOffset at) => _used[secretId] = at;

    /// <summary>Writes what is due. One caller at a time.</summary>
    public async Task NoteAsync(bool atEnd, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(_patience);
        try
        {
            foreach (var (id, at) in _used)
            {
                if ((!_noted.TryGetValue(id, out var before) || at - before > (atEnd ? TimeSpan.Zero : _every))
                    && await open(limited.Token) is { } state)
                {
                    var value = new byte[sizeof(long)];
                    BinaryPrimitives.WriteInt64BigEndian(value, at.ToUnixTimeSeconds());
                    var known = await state.GetAsync(ApiKeys.UsePrefix + id, limited.Token);
                    await state.TryPutAsync(ApiKeys.UsePrefix + id, value, known?.Version ?? 0, limited.Token);
                    _noted[id] = at;
                }
            }

            _fault = null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (e is not OperationCanceledException && _fault != e.Message)
            {
                _fault = e.Message;
                Log.KeysNotWritten(logger, "when secrets were used last", e.Message);
            }
        }
    }
}
