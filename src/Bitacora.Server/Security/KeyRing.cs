using System.Security.Cryptography;
using Bitacora.Records;
using Bitacora.Storage;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Security;

/// <summary>
/// The keys that are valid, as the state store had them a few seconds ago at most; while it cannot be read, as it had them last, also
/// across a restart. Thread-safe; owns its loop, which alone reads.
/// </summary>
internal sealed class KeyRing : IAsyncDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _soonest = TimeSpan.FromSeconds(1);

    // Of a store that does not answer.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _patienceOfCallers = TimeSpan.FromSeconds(1);

    private readonly Func<CancellationToken, ValueTask<IStateStore?>> _open;
    private readonly KeyCache? _cache;
    private readonly KeyUses _uses;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _said = [];
    private volatile Known? _known;
    private volatile bool _hadKeys;
    private volatile string? _fault;
    private volatile TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _readAt;
    private Task _running = Task.CompletedTask;

    private KeyRing(Func<CancellationToken, ValueTask<IStateStore?>> open, string? cacheDirectory, TimeProvider clock, ILogger logger)
    {
        (_open, _clock, _logger) = (open, clock, logger);
        _cache = cacheDirectory is null ? null : new KeyCache(cacheDirectory, logger);
        _uses = new KeyUses(open, logger);
    }

    /// <summary>Other keys are valid now.</summary>
    public event Action? Changed;

    /// <summary>Whether it was ever known which keys there are.</summary>
    public bool IsKnown => _known is not null;

    /// <summary>
    /// Whether there are keys, also revoked ones: from the first on, everybody has to show one, and that stays so as long as this server
    /// runs, whatever becomes of the store.
    /// </summary>
    public bool HasKeys => _hadKeys;

    /// <summary>Why keys cannot be read; null while they can.</summary>
    public string? Fault => _fault;

    /// <summary>Opens the ring and reads the keys, as far as that is possible within some time.</summary>
    /// <param name="open">Gives the state store; null where nobody has made one.</param>
    /// <param name="cacheDirectory">Where what the store had last is kept, because the store may be away; null: nowhere.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">The logger.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<KeyRing> OpenAsync(
        Func<CancellationToken, ValueTask<IStateStore?>> open, string? cacheDirectory, TimeProvider clock, ILogger logger,
        CancellationToken cancellationToken)
    {
        var ring = new KeyRing(open, cacheDirectory, clock, logger);
        if (ring._cache?.Read() is { } cached)
        {
            ring.Take(cached);
        }

        await ring.ReadAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        ring._running = Task.Run(ring.RunAsync, CancellationToken.None);
        return ring;
    }

    /// <summary>Whether a secret is valid still.</summary>
    public bool Has(string secretId) => _known?.Secrets.ContainsKey(secretId) == true;

    /// <summary>The key that a text is a valid secret of; null where it is none.</summary>
    public async ValueTask<KeyOfSecret?> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (!Secret.TryParse(text, out var secret))
        {
            return null;
        }

        if (!Has(secret.Id) && _clock.GetElapsedTime(Interlocked.Read(ref _readAt)) >= _soonest)
        {
            await LookAgainAsync(cancellationToken);
        }

        if (_known is not { } known || !known.Secrets.TryGetValue(secret.Id, out var found)
            || !CryptographicOperations.FixedTimeEquals(secret.Hash(), found.Hash))
        {
            return null;
        }

        _uses.Saw(secret.Id, _clock.GetUtcNow());
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _uses.NoteAsync(atEnd: true, CancellationToken.None);
        _stop.Dispose();
    }

    /// <summary>
    /// Made a moment ago, perhaps. Whoever guesses makes the store no work, for it is asked once a second at most, and waits for it a
    /// second at most.
    /// </summary>
    private async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        var read = _read.Task;
        _wanted.TrySetResult();
        try
        {
            await read.WaitAsync(_patienceOfCallers, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The store does not answer: what is known counts.
        }
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var wanted = _wanted.Task;
            await Task.WhenAny(wanted, Task.Delay(_period, _clock, _stop.Token));
            _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_stop.IsCancellationRequested)
            {
                await ReadAsync(_stop.Token);
                await _uses.NoteAsync(atEnd: false, _stop.Token);
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(_patience);
        try
        {
            await ReadNowAsync(limited.Token);
            _fault = null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var reason = e is OperationCanceledException ? "the store does not answer" : e.Message;
            if (!cancellationToken.IsCancellationRequested && _fault != reason)
            {
                _fault = reason;
                Log.KeysUnreadable(_logger, reason);
            }
        }

        Interlocked.Exchange(ref _readAt, _clock.GetTimestamp());
        var read = _read;
        _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        read.TrySetResult();
    }

    private async Task ReadNowAsync(CancellationToken cancellationToken)
    {
        var keys = new Dictionary<string, StoredKey>();
        if (await _open(cancellationToken) is { } state)
        {
            foreach (var entry in await state.ListAsync(StoredKey.Prefix, cancellationToken))
            {
                Add(keys, entry);
            }
        }

        Take(keys);
        _cache?.Write(keys);
    }

    private void Add(Dictionary<string, StoredKey> keys, StateEntry entry)
    {
        var name = entry.Key[StoredKey.Prefix.Length..];
        try
        {
            keys.Add(name, StoredKey.Read(entry.Value.Span));
        }
        catch (InvalidDataException e)
        {
            // Of a newer version, perhaps: it opens nothing here, and the others stay what they are.
            keys.Add(name, StoredKey.Unreadable);
            if (_said.Add(name))
            {
                Log.KeysUnreadable(_logger, $"{name}: {e.Message}");
            }
        }
    }

    private void Take(Dictionary<string, StoredKey> keys)
    {
        var secrets = new Dictionary<string, KeyOfSecret>();
        foreach (var (name, key) in keys.Where(key => key.Value.Revoked is null))
        {
            foreach (var secret in key.Secrets)
            {
                secrets[secret.Id] = new KeyOfSecret(secret.Id, name, key.Scope, key.SenderId, Convert.FromHexString(secret.Sha256));
            }
        }

        var isOther = _known is not { } known || known.Secrets.Count != secrets.Count
            || secrets.Keys.Any(id => !known.Secrets.ContainsKey(id)) || (keys.Count > 0 && !_hadKeys);
        _hadKeys |= keys.Count > 0;
        _known = new Known(secrets);
        if (isOther)
        {
            Changed?.Invoke();
        }
    }

    private sealed record Known(Dictionary<string, KeyOfSecret> Secrets);
}

/// <summary>The key of a valid secret.</summary>
/// <param name="SecretId">The secret's public part.</param>
/// <param name="Name">The key's name.</param>
/// <param name="Scope">What its holder may do.</param>
/// <param name="Sender">The sender id of its records.</param>
/// <param name="Hash">The secret's SHA-256.</param>
internal sealed record KeyOfSecret(string SecretId, string Name, KeyScope Scope, SenderId Sender, byte[] Hash);
