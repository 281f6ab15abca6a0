using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Bitacora.Server.Security;
using Bitacora.Storage;

namespace Bitacora.Server;

/// <summary>
/// Makes, rotates and revokes API keys in a state store. Who can open the store can make keys: there is no way to do it over HTTP. Servers
/// on the store know of a change within five seconds. Thread-safe.
/// </summary>
/// <param name="state">The state store.</param>
/// <param name="clock">The clock.</param>
public sealed partial class ApiKeys(IStateStore state, TimeProvider clock)
{
    /// <summary>Where the time is kept at which a secret was last used.</summary>
    internal const string UsePrefix = "key-use/";

    private const int MaxSecrets = 8;
    private const int Attempts = 10;

    private static readonly Dictionary<string, DateTimeOffset> _neverUsed = [];

    /// <summary>What a name may be.</summary>
    public const string AllowedName = "1 to 64 lower-case letters, digits, '.', '_' and '-', beginning with a letter or digit";

    /// <summary>The name of a scope, as <c>--can</c> takes it.</summary>
    public static string NameOf(KeyScope scope) => scope switch
    {
        KeyScope.Ingest => "ingest",
        KeyScope.Read => "read",
        KeyScope.All => "all",
        _ => "nothing",
    };

    /// <summary>The scope of a name; null where there is none.</summary>
    public static KeyScope? ParseScope(string name) => name switch
    {
        "ingest" => KeyScope.Ingest,
        "read" => KeyScope.Read,
        "all" => KeyScope.All,
        _ => null,
    };

    /// <summary>Whether a key may be called so.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>Makes a key.</summary>
    /// <returns>The key and its secret, which is not stored: it is seen this once.</returns>
    /// <exception cref="ApiKeyException">There is one of that name, perhaps revoked.</exception>
    public async Task<(ApiKey Key, string Secret)> CreateAsync(string name, KeyScope scope, CancellationToken cancellationToken)
    {
        if (!IsName(name))
        {
            throw new ArgumentException($"Allowed: {AllowedName}.", nameof(name));
        }

        var secret = Secret.New();
        var now = clock.GetUtcNow();
        var key = new StoredKey(NameOf(scope), NewSender(), now, null, [Stored(secret, now)]);
        return await state.TryPutAsync(StoredKey.Prefix + name, key.Write(), 0, cancellationToken).ConfigureAwait(false)
            ? (Public(name, key, _neverUsed), secret.Text)
            : throw new ApiKeyException($"There is a key '{name}' already; rotate it, or choose another name.");
    }

    /// <summary>All keys, by name, also those that were revoked.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken)
    {
        var entries = await state.ListAsync(StoredKey.Prefix, cancellationToken).ConfigureAwait(false);
        var uses = await state.ListAsync(UsePrefix, cancellationToken).ConfigureAwait(false);
        var used = uses.ToDictionary(
            use => use.Key[UsePrefix.Length..],
            use => DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(use.Value.Span)));
        return [.. entries.Select(entry => Public(entry.Key[StoredKey.Prefix.Length..], Read(entry), used))];
    }

    /// <summary>Gives a key one more secret; those that it has stay valid until they are revoked.</summary>
    /// <returns>The key and its new secret.</returns>
    /// <exception cref="ApiKeyException">There is no such key, it was revoked, or it has too many secrets.</exception>
    public async Task<(ApiKey Key, string Secret)> RotateAsync(string name, CancellationToken cancellationToken)
    {
        var secret = Secret.New();
        var key = await ChangeAsync(
            name,
            key => key.Revoked is not null ? throw new ApiKeyException($"The key '{name}' was revoked; create another.")
                : key.Secrets.Count == MaxSecrets
                    ? throw new ApiKeyException($"The key '{name}' has {MaxSecrets} valid secrets; revoke the old ones first.")
                : key with { Secrets = [Stored(secret, clock.GetUtcNow()), .. key.Secrets] },
            cancellationToken).ConfigureAwait(false);
        return (key, secret.Text);
    }

    /// <summary>Makes a key invalid for good. It stays in the list: its name and its sender id are not given again.</summary>
    /// <exception cref="ApiKeyException">There is no such key.</exception>
    public Task<ApiKey> RevokeAsync(string name, CancellationToken cancellationToken) =>
        ChangeAsync(name, key => key with { Revoked = key.Revoked ?? clock.GetUtcNow(), Secrets = [] }, cancellationToken);

    /// <summary>Makes all secrets of a key but the newest invalid.</summary>
    /// <exception cref="ApiKeyException">There is no such key, or it has one secret only.</exception>
    public Task<ApiKey> RevokeOldAsync(string name, CancellationToken cancellationToken) => ChangeAsync(
        name,
        key => key.Secrets.Count > 1
            ? key with { Secrets = [key.Secrets[0]] }
            : throw new ApiKeyException($"The key '{name}' has no older secret; rotate it first."),
        cancellationToken);

    private async Task<ApiKey> ChangeAsync(string name, Func<StoredKey, StoredKey> change, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var entry = await state.GetAsync(StoredKey.Prefix + name, cancellationToken).ConfigureAwait(false)
                ?? throw new ApiKeyException($"There is no key '{name}'.");
            var changed = change(Read(entry) is var read && read != StoredKey.Unreadable
                ? read
                : throw new ApiKeyException($"The key '{name}' cannot be read: another version made it, or it is damaged."));
            if (await state.TryPutAsync(entry.Key, changed.Write(), entry.Version, cancellationToken).ConfigureAwait(false))
            {
                return Public(name, changed, _neverUsed);
            }
        }

        throw new ApiKeyException($"Others change the key '{name}' all the time; try again.");
    }

    /// <summary>One that this version does not understand is there all the same, and can nothing.</summary>
    private static StoredKey Read(StateEntry entry)
    {
        try
        {
            return StoredKey.Read(entry.Value.Span);
        }
        catch (InvalidDataException)
        {
            return StoredKey.Unreadable;
        }
    }

    private static StoredSecret Stored(Secret secret, DateTimeOffset now) => new(secret.Id, Convert.ToHexStringLower(secret.Hash()), now);

    /// <summary>0 is for records without a key.</summary>
    private static string NewSender()
    {
        ulong sender;
        do
        {
            sender = BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        }
        while (sender == 0);

        return sender.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static ApiKey Public(string name, StoredKey key, Dictionary<string, DateTimeOffset> used) => new(
        name, key.Scope, key.SenderId, key.Created, key.Revoked,
        [
            .. key.Secrets.Select(secret => new ApiKeySecret(
                secret.Id, secret.Created, used.TryGetValue(secret.Id, out var at) ? at : null)),
        ]);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex Name();
}
