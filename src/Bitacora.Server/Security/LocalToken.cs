using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Bitacora.Server.Security;

/// <summary>
/// What commands of the server's own user show instead of a key: made anew at each start, in a file of the data directory that nobody else
/// may read. Whoever can read it can read the data as well.
/// </summary>
internal sealed class LocalToken
{
    public const string FileName = "server.token";

    private readonly byte[] _bytes;

    private LocalToken(string text) => (Text, _bytes) = (text, Encoding.UTF8.GetBytes(text));

    public string Text { get; }

    public static LocalToken New() => new($"local_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}");

    public bool Is(string shown) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), _bytes);
}
