using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bitacora.Records;

namespace Bitacora.Server.Security;

/// <summary>A key as it stands in the state store, under <c>keys/NAME</c>.</summary>
/// <param name="Can">Its scope's name.</param>
/// <param name="Sender">Its sender id, 16 hexadecimal digits.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Revoked">When it was revoked.</param>
/// <param name="Secrets">The secrets that are valid, the newest first.</param>
internal sealed record StoredKey(
    string Can, string Sender, DateTimeOffset Created, DateTimeOffset? Revoked, IReadOnlyList<StoredSecret> Secrets)
{
    public const string Prefix = "keys/";

    private const int HashLength = 64;

    /// <summary>Stands for one that cannot be read: it is there, and opens nothing.</summary>
    public static StoredKey Unreadable { get; } = new("nothing", "0000000000000000", default, null, []);

    public KeyScope Scope => ApiKeys.ParseScope(Can) ?? KeyScope.None;

    public SenderId SenderId => new(ulong.Parse(Sender, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static StoredKey Read(ReadOnlySpan<byte> value)
    {
        try
        {
            return Check(JsonSerializer.Deserialize(value, StoredKeyJson.Default.StoredKey));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("The stored key is no JSON of a key.", e);
        }
    }

    /// <exception cref="InvalidDataException">A part is missing, or has another form.</exception>
    public static StoredKey Check(StoredKey? key)
    {
        var isWhole = key is { Can: not null, Sender: not null, Secrets: not null }
            && ulong.TryParse(key.Sender, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _)
            && key.Secrets.All(secret => secret is { Id: not null, Sha256.Length: HashLength }
                && secret.Sha256.All(char.IsAsciiHexDigit));
        return isWhole ? key! : throw new InvalidDataException("The stored key lacks a part, or it has another form.");
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, StoredKeyJson.Default.StoredKey);
}

/// <summary>A secret as it stands in the state store.</summary>
/// <param name="Id">Its public part.</param>
/// <param name="Sha256">Its hash, in hexadecimal digits.</param>
/// <param name="Created">When it was made.</param>
internal sealed record StoredSecret(string Id, string Sha256, DateTimeOffset Created);

[JsonSerializable(typeof(StoredKey))]
[JsonSerializable(typeof(Dictionary<string, StoredKey>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class StoredKeyJson : JsonSerializerContext;
