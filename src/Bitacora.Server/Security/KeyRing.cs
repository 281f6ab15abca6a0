using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Bitacora.Records;
using Bitacora.Storage;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Security;

/// <summary>
/// The keys that are valid, as the state store had them a few seconds ago at most; while it cannot be read, as it had them last, also
/// across a restart. Writes down when a secret was used. Thread-safe; owns its loop.
/// </summary>
internal sealed class KeyRing : IAsyncDisposable
{
    private const string CacheName = "keys.json";

    private static readonly TimeSpan _period = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _soonest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _noteUseEvery = TimeSpan.FromMinutes(5);

    private readonly Func<CancellationToken, ValueTask<IStateStore?>> _open;
    private readonly string _directory;
    private readonly bool _keepsCache;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _noted = new();
    private readonly SemaphoreSlim _reading = new(1);
    private volatile IReadOnlyDictionary<string, StoredKey>? _keys;
    private volatile Dictionary<string, KeyOfSecret> _secrets = [];
    private volatile string? _fault;
    private long _readAt;
    private Task _running = Task.CompletedTask;

    private KeyRing(
        Func<CancellationToken, ValueTask<IStateStore?>> open, string directory, bool keepsCache, TimeProvider clock, ILogger logger) =>
        (_open, _directory, _keepsCache, _clock, _logger) = (open, directory, keepsCache, clock, logger);

    /// <summary>Whether it was ever known which keys there are.</summary>
    public bool IsKnown => _keys is not null;

    /// <summary>Whether there are keys, also revoked ones: from the first on, everybody has to show one.</summary>
    public bool HasKeys => _keys is { Count: > 0 };

    /// <summary>Opens the ring and reads the keys, as far as that is possible within some time.</summary>
    /// <param name="open">Gives the state store; null where nobody has made one.</param>
    /// <param name="directory">The data directory.</param>
    /// <param name="keepsCache">Whether the store may be away: then what it had last is kept in the directory.</param>
    /// <param name="patience">How long the first reading may take.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">The logger.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<KeyRing> OpenAsync(
        Func<CancellationToken, ValueTask<IStateStore?>> open, string directory, bool keepsCache, TimeSpan patience, TimeProvider clock,
        ILogger logger, CancellationToken cancellationToken)
    {
        var ring = new KeyRing(open, directory, keepsCache, clock, logger);
        ring.ReadCache();
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(patience);
        await ring.ReadAsync(TimeSpan.Zero, limited.Token);
        cancellationToken.ThrowIfCancellationRequested();
        ring._running = Task.Run(ring.RunAsync, CancellationToken.None);
        return ring;
    }

    /// <summary>The key that a text is a valid secret of; null where it is none.</summary>
    public async ValueTask<KeyOfSecret?> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (!Secret.TryParse(text, out var secret))
        {
            return null;
        }

        if (!_secrets.TryGetValue(secret.Id, out var found))
        {
            // Made a moment ago, perhaps. Whoever guesses makes the store no work: it is asked once a second at most.
            await ReadAsync(_soonest, cancellationToken);
            _secrets.TryGetValue(secret.Id, out found);
        }

        if (found is null || !CryptographicOperations.FixedTimeEquals(secret.Hash(), found.Hash))
        {
            return null;
        }

        _used[secret.Id] = _clock.GetUtcNow();
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await NoteUsesAsync(TimeSpan.Zero, CancellationToken.None);
        _reading.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(_period, _clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_stop.IsCancellationRequested)
            {
                await ReadAsync(TimeSpan.Zero, _stop.Token);
                await NoteUsesAsync(_noteUseEvery, _stop.Token);
            }
        }
    }

    /// <summary>Reads the keys, unless that was done less than some time ago.</summary>
    private async Task ReadAsync(TimeSpan unlessWithin, CancellationToken cancellationToken)
    {
        try
        {
            await _reading.WaitAsync(cancellationToken);
            try
            {
                if (_keys is null || _clock.GetElapsedTime(_readAt) >= unlessWithin)
                {
                    _readAt = _clock.GetTimestamp();
                    await ReadNowAsync(cancellationToken);
                }
            }
            finally
            {
                _reading.Release();
            }

            _fault = null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (!_stop.IsCancellationRequested && _fault != e.Message)
            {
                _fault = e.Message;
                Log.KeysUnreadable(_logger, e.Message);
            }
        }
    }

    private async Task ReadNowAsync(CancellationToken cancellationToken)
    {
        var keys = new Dictionary<string, StoredKey>();
        if (await _open(cancellationToken) is { } state)
        {
            foreach (var entry in await state.ListAsync(StoredKey.Prefix, cancellationToken))
            {
                keys.Add(entry.Key[StoredKey.Prefix.Length..], StoredKey.Read(entry.Value.Span));
            }
        }

        var isNew = _keys is null || !Same(_keys, keys);
        Take(keys);
        if (_keepsCache && isNew)
        {
            WriteCache(keys);
        }
    }

    private void Take(IReadOnlyDictionary<string, StoredKey> keys)
    {
        var secrets = new Dictionary<string, KeyOfSecret>();
        foreach (var (name, key) in keys.Where(key => key.Value.Revoked is null))
        {
            foreach (var secret in key.Secrets)
            {
                secrets[secret.Id] = new KeyOfSecret(name, key.Scope, key.SenderId, Convert.FromHexString(secret.Sha256));
            }
        }

        _secrets = secrets;
        _keys = keys;
    }

    private static bool Same(IReadOnlyDictionary<string, StoredKey> old, Dictionary<string, StoredKey> next) =>
        old.Count == next.Count && next.All(key =>
            old.TryGetValue(key.Key, out var before) && before.Write().AsSpan().SequenceEqual(key.Value.Write()));

    private async Task NoteUsesAsync(TimeSpan every, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (id, at) in _used)
            {
                if ((!_noted.TryGetValue(id, out var before) || at - before > every) && await _open(cancellationToken) is { } state)
                {
                    var value = new byte[sizeof(long)];
                    BinaryPrimitives.WriteInt64BigEndian(value, at.ToUnixTimeSeconds());
                    var known = await state.GetAsync(ApiKeys.UsePrefix + id, cancellationToken);
                    await state.TryPutAsync(ApiKeys.UsePrefix + id, value, known?.Version ?? 0, cancellationToken);
                    _noted[id] = at;
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It is for people who clean up; the next time does as well.
        }
    }

    private void ReadCache()
    {
        var path = Path.Combine(_directory, CacheName);
        if (!_keepsCache || !File.Exists(path))
        {
            return;
        }

        try
        {
            Take(JsonSerializer.Deserialize(File.ReadAllBytes(path), StoredKeyJson.Default.DictionaryStringStoredKey) ?? []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            Log.KeysUnreadable(_logger, $"{path}: {e.Message}");
        }
    }

    private void WriteCache(Dictionary<string, StoredKey> keys)
    {
        OwnerFile.Write(Path.Combine(_directory, CacheName), JsonSerializer.SerializeToUtf8Bytes(
            keys, StoredKeyJson.Default.DictionaryStringStoredKey));
    }
}

/// <summary>The key of a valid secret.</summary>
/// <param name="Name">The key's name.</param>
/// <param name="Scope">What its holder may do.</param>
/// <param name="Sender">The sender id of its records.</param>
/// <param name="Hash">The secret's SHA-256.</param>
internal sealed record KeyOfSecret(string Name, KeyScope Scope, SenderId Sender, byte[] Hash);
