using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Syslog;

/// <summary>
/// sshd's sentences about who comes from where. Names of users that do not exist are whatever a client sent, also such as
/// <c>x from 192.0.2.1 port 5 ssh2</c>: so address and port are read from the right end, where only sshd writes.
/// </summary>
internal static class SshdDetails
{
    public static void Write(ReadOnlySpan<byte> text, RecordWriter record)
    {
        switch (text.IsEmpty ? (byte)0 : text[0])
        {
            case (byte)'F' when TryCut(ref text, "Failed "u8):
                WriteAttempt(text, isAccepted: false, record);
                break;
            case (byte)'A' when TryCut(ref text, "Accepted "u8):
                WriteAttempt(text, isAccepted: true, record);
                break;
            case (byte)'I' when TryCut(ref text, "Invalid user "u8):
                WriteInvalidUser(text, record);
                break;
            case (byte)'C' when TryCut(ref text, "Connection closed by "u8) || TryCut(ref text, "Connection reset by "u8):
            case (byte)'D' when TryCut(ref text, "Disconnected from "u8):
                WriteEnd(text, record);
                break;
            case (byte)'D' when TryCut(ref text, "Did not receive identification string from "u8):
                WritePeer(text, record);
                break;
            case (byte)'e' when TryCut(ref text, "error: Received disconnect from "u8):
            case (byte)'R' when TryCut(ref text, "Received disconnect from "u8):
                WriteDisconnect(text, record);
                break;
            case (byte)'P' when TryCut(ref text, "PAM "u8):
                WriteFailures(text, record);
                break;
        }
    }

    /// <summary><c>password for [invalid user ]U from A port P ssh2[: key]</c>.</summary>
    private static void WriteAttempt(ReadOnlySpan<byte> text, bool isAccepted, RecordWriter record)
    {
        var blank = Math.Max(0, text.IndexOf((byte)' '));
        var method = text[..blank];
        text = text[blank..];
        if (!TryCut(ref text, " for "u8) || !TryCutProtocol(ref text, isAccepted))
        {
            return;
        }

        var isInvalid = TryCut(ref text, "invalid user "u8);
        if (!method.IsEmpty && TryCutPeer(ref text, out var peer) && peer.HasPort)
        {
            record.AddAttribute("sshd.method"u8, method);
            WriteUser(text, isInvalid, record);
            peer.Write(record);
        }
    }

    /// <summary>
    /// Cuts <c> ssh2</c> and the key behind it. What stands behind it may be chosen as well: a certificate has a name. An accepted user
    /// exists, so there the first place counts; of a refused one several places say nothing.
    /// </summary>
    private static bool TryCutProtocol(scoped ref ReadOnlySpan<byte> text, bool isAccepted)
    {
        if (text.EndsWith(" ssh2"u8))
        {
            text = text[..^5];
            return true;
        }

        var found = -1;
        for (int from = 0, step; (step = text[from..].IndexOf(" ssh2: "u8)) >= 0; from += step + 1)
        {
            var before = text[..(from + step)];
            if (!TryCutPeer(ref before, out _))
            {
                continue;
            }

            if (found >= 0)
            {
                return false;
            }

            found = from + step;
            if (isAccepted)
            {
                break;
            }
        }

        text = found < 0 ? text : text[..found];
        return found >= 0;
    }

    /// <summary><c>U from A[ port P]</c>.</summary>
    private static void WriteInvalidUser(ReadOnlySpan<byte> text, RecordWriter record)
    {
        if (TryCutPeer(ref text, out var peer))
        {
            WriteUser(text, isInvalid: true, record);
            peer.Write(record);
        }
    }

    /// <summary><c>[authenticating user U |invalid user U |user U ]A[ port P][ [preauth]]</c>.</summary>
    private static void WriteEnd(ReadOnlySpan<byte> text, RecordWriter record)
    {
        text = text.EndsWith(" [preauth]"u8) ? text[..^10] : text;
        if (!SshdPeer.TryCut(ref text, out var peer))
        {
            return;
        }

        if (text.IsEmpty)
        {
            peer.Write(record);
            return;
        }

        var isInvalid = text.StartsWith("invalid user "u8);
        if (isInvalid ? TryCut(ref text, "invalid user "u8)
            : TryCut(ref text, "authenticating user "u8) || TryCut(ref text, "user "u8))
        {
            WriteUser(text.IsEmpty ? text : text[..^1], isInvalid, record);
            peer.Write(record);
        }
    }

    /// <summary><c>A[ port P]</c> and nothing else.</summary>
    private static void WritePeer(ReadOnlySpan<byte> text, RecordWriter record)
    {
        if (SshdPeer.TryCut(ref text, out var peer) && text.IsEmpty)
        {
            peer.Write(record);
        }
    }

    /// <summary><c>A[ port P]:…</c>; the reason behind it is the client's.</summary>
    private static void WriteDisconnect(ReadOnlySpan<byte> text, RecordWriter record)
    {
        if (SshdPeer.TryTakeThroughColon(text, out var peer))
        {
            peer.Write(record);
        }
    }

    /// <summary><c>2 more authentication failures; …</c>.</summary>
    private static void WriteFailures(ReadOnlySpan<byte> text, RecordWriter record)
    {
        var cursor = new ByteCursor(text);
        if (cursor.TryTakeDigits(1, 9, out _) && cursor.TryTake(" more authentication failure"u8))
        {
            cursor.TryTake((byte)'s');
            if (cursor.TryTake("; "u8))
            {
                PamDetails.WriteFailure(cursor.Rest, record);
            }
        }
    }

    private static void WriteUser(ReadOnlySpan<byte> user, bool isInvalid, RecordWriter record)
    {
        record.AddIfAny("user.name"u8, user);
        if (isInvalid)
        {
            record.AddAttribute("sshd.invalid_user"u8, true);
        }
    }

    /// <summary>Cuts <c> from A[ port P]</c> from the end.</summary>
    private static bool TryCutPeer(scoped ref ReadOnlySpan<byte> text, out SshdPeer peer)
    {
        var rest = text;
        if (!SshdPeer.TryCut(ref rest, out peer) || !rest.EndsWith(" from "u8))
        {
            return false;
        }

        text = rest[..^6];
        return true;
    }

    private static bool TryCut(scoped ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> start)
    {
        var starts = text.StartsWith(start);
        text = starts ? text[start.Length..] : text;
        return starts;
    }
}
