using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Bitacora.Server.Security;

/// <summary>
/// The text that a key's holder shows: <c>bita_</c>, a public id of 16 hexadecimal digits, <c>_</c>, 256 random bits. So random a secret
/// needs no slow hash: nobody guesses it, and SHA-256 tells nothing of it.
/// </summary>
internal readonly record struct Secret(string Id, string Text)
{
    private const string Prefix = "bita_";
    private const int IdLength = 16;
    private const int RandomBytes = 32;

    /// <summary>Base64url without padding.</summary>
    private const int RandomLength = 43;

    private const int Length = 5 + IdLength + 1 + RandomLength;

    public static Secret New()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2));
        return new Secret(id, $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes))}");
    }

    /// <summary>Reads what somebody shows; false where it has not the form of a secret.</summary>
    public static bool TryParse(string text, out Secret secret)
    {
        secret = default;
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length + IdLength] != '_')
        {
            return false;
        }

        secret = new Secret(text.Substring(Prefix.Length, IdLength), text);
        return true;
    }

    /// <summary>What is stored of it.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(Text));
}
