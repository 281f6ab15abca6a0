using System.Buffers;
using Bitacora.Ingestion.Lines;

namespace Bitacora.Ingestion.Access;

/// <summary>
/// What stands before the time in an access line: <c>client ident user</c>, with <c>host:port</c> before it where several sites share a
/// file.
/// </summary>
internal ref struct AccessHead
{
    private static readonly SearchValues<byte> HostBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:"u8);

    public ReadOnlySpan<byte> Server { get; private set; }

    /// <summary>0 for none.</summary>
    public int ServerPort { get; private set; }

    public ReadOnlySpan<byte> Client { get; private set; }

    /// <summary>0 for none.</summary>
    public int ClientPort { get; private set; }

    public ReadOnlySpan<byte> Ident { get; private set; }

    /// <summary>Whatever a client gave as its user's name, blanks and brackets too.</summary>
    public ReadOnlySpan<byte> User { get; private set; }

    public static bool TryRead(ReadOnlySpan<byte> text, out AccessHead head)
    {
        head = default;
        var words = new ByteCursor(text);
        if (!words.TryTakeThrough((byte)' ', out var first) || !words.TryTakeThrough((byte)' ', out var second))
        {
            return false;
        }

        head.Client = first;
        head.Ident = second;
        head.User = words.Rest;
        if (first.Contains((byte)':') && AddressPort.TrySplit(first, out var address, out var port) && port > 0)
        {
            var blank = head.User.IndexOf((byte)' ');
            if (blank > 0 && !second.SequenceEqual("-"u8))
            {
                head.Server = address;
                head.ServerPort = port;
                head.Client = second;
                head.Ident = head.User[..blank];
                head.User = head.User[(blank + 1)..];
            }
            else
            {
                head.Client = address;
                head.ClientPort = port;
            }
        }

        return IsClient(head.Client, head.User) && !head.Ident.IsEmpty;
    }

    /// <summary>
    /// Whether a word is a client. Where a user's name has blanks only an address is one: before an access line in another program's line
    /// stand words as well.
    /// </summary>
    private static bool IsClient(ReadOnlySpan<byte> client, ReadOnlySpan<byte> user) => user.Contains((byte)' ')
        ? AddressPort.IsAddress(client)
        : !client.IsEmpty && !client.ContainsAnyExcept(HostBytes);
}
