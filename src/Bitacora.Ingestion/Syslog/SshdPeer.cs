using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Syslog;

/// <summary><c>203.0.113.7 port 51234</c>, or the address alone, as sshd writes the other end of a connection.</summary>
internal ref struct SshdPeer
{
    private ReadOnlySpan<byte> _address;
    private int _port;

    /// <summary>0 for none.</summary>
    public readonly bool HasPort => _port > 0;

    /// <summary>Cuts it from the end of a text, which then is empty or ends in a blank.</summary>
    public static bool TryCut(scoped ref ReadOnlySpan<byte> text, out SshdPeer peer)
    {
        peer = default;
        var rest = text;
        var blank = rest.LastIndexOf((byte)' ');
        if (blank > 5 && rest[..blank].EndsWith(" port"u8) && TryPort(rest[(blank + 1)..], out peer._port))
        {
            rest = rest[..(blank - 5)];
            blank = rest.LastIndexOf((byte)' ');
        }

        peer._address = rest[(blank + 1)..];
        if (!AddressPort.IsAddress(peer._address))
        {
            return false;
        }

        text = rest[..(blank + 1)];
        return true;
    }

    /// <summary>Takes it from the start of a text, with the colon that ends it.</summary>
    public static bool TryTakeThroughColon(ReadOnlySpan<byte> text, out SshdPeer peer)
    {
        peer = default;
        var cursor = new ByteCursor(text);
        peer._address = cursor.TakeUntil((byte)' ');
        if (cursor.TryTake(" port "u8))
        {
            return AddressPort.IsAddress(peer._address) && TryPort(cursor.TakeUntil((byte)':'), out peer._port)
                && cursor.TryTake((byte)':');
        }

        if (peer._address.IsEmpty || peer._address[^1] != ':')
        {
            return false;
        }

        peer._address = peer._address[..^1];
        return AddressPort.IsAddress(peer._address);
    }

    public readonly void Write(RecordWriter record)
    {
        record.AddAttribute("client.address"u8, _address);
        if (HasPort)
        {
            record.AddAttribute("client.port"u8, _port);
        }
    }

    private static bool TryPort(ReadOnlySpan<byte> digits, out int port)
    {
        var cursor = new ByteCursor(digits);
        return cursor.TryTakeDigits(1, 5, out port) && cursor.IsAtEnd;
    }
}
