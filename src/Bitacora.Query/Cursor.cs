using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>Where the next page of rows begins: the query, everything it was bound to, and the last row shown.</summary>
/// <remarks>Its text is opaque and safe in a URL. A checksum finds damage and stale edits; it is no protection against forgery, and
/// needs none: a cursor grants nothing that its query does not.</remarks>
/// <param name="QueryHash">The hash of the query's text (<see cref="LogQuery.Hash"/>).</param>
/// <param name="Now">The clock that the query was bound to, in ticks of 100 ns since 1970.</param>
/// <param name="Range">The bound range.</param>
/// <param name="ZoneId">The id of the query's zone.</param>
/// <param name="Remaining">How many rows the query's <c>limit</c> still allows; null without one.</param>
/// <param name="Last">The id of the last row shown; the next page holds smaller ones.</param>
public sealed record Cursor(string QueryHash, long Now, TimeRange Range, string ZoneId, int? Remaining, RecordId Last)
{
    private const byte Version = 1;
    private const int HashSize = 16;
    private const int FixedSize = 1 + HashSize + (3 * sizeof(long)) + sizeof(int) + RecordId.Size;
    private const int CheckSize = 8;
    private const int MaximumText = 1024;

    /// <summary>The cursor as text.</summary>
    /// <returns>URL-safe Base64 without padding.</returns>
    public string Encode()
    {
        byte[] zone = Encoding.UTF8.GetBytes(ZoneId);
        byte[] bytes = new byte[FixedSize + zone.Length + CheckSize];
        Span<byte> rest = bytes;
        rest[0] = Version;
        Convert.FromHexString(QueryHash).CopyTo(rest[1..]);
        rest = rest[(1 + HashSize)..];
        BinaryPrimitives.WriteInt64BigEndian(rest, Now);
        BinaryPrimitives.WriteInt64BigEndian(rest[8..], Range.From);
        BinaryPrimitives.WriteInt64BigEndian(rest[16..], Range.To);
        BinaryPrimitives.WriteInt32BigEndian(rest[24..], Remaining ?? -1);
        Last.Write(rest[28..]);
        zone.CopyTo(rest[(28 + RecordId.Size)..]);
        Check(bytes.AsSpan(0, bytes.Length - CheckSize), bytes.AsSpan(bytes.Length - CheckSize));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a cursor's text.</summary>
    /// <param name="text">What <see cref="Encode"/> gave.</param>
    /// <returns>The cursor.</returns>
    /// <exception cref="CursorException">The text is no cursor, or was changed.</exception>
    public static Cursor Decode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaximumText || !Base64Url.IsValid(text))
        {
            throw new CursorException();
        }

        byte[] bytes = Base64Url.DecodeFromChars(text);
        Span<byte> check = stackalloc byte[CheckSize];
        if (bytes.Length < FixedSize + CheckSize)
        {
            throw new CursorException();
        }

        Check(bytes.AsSpan(0, bytes.Length - CheckSize), check);
        if (!check.SequenceEqual(bytes.AsSpan(bytes.Length - CheckSize)))
        {
            throw new CursorException("the cursor is damaged; begin the search anew");
        }

        if (bytes[0] != Version)
        {
            throw new CursorException("the cursor comes from another version of Bitácora; begin the search anew");
        }

        ReadOnlySpan<byte> rest = bytes.AsSpan(1 + HashSize);
        int remaining = BinaryPrimitives.ReadInt32BigEndian(rest[24..]);
        return new Cursor(
            Convert.ToHexStringLower(bytes.AsSpan(1, HashSize)),
            BinaryPrimitives.ReadInt64BigEndian(rest),
            new TimeRange(BinaryPrimitives.ReadInt64BigEndian(rest[8..]), BinaryPrimitives.ReadInt64BigEndian(rest[16..])),
            Encoding.UTF8.GetString(rest[(28 + RecordId.Size)..^CheckSize]),
            remaining < 0 ? null : remaining,
            RecordId.Read(rest[28..]));
    }

    /// <summary>The hash by which a cursor knows its query.</summary>
    internal static string HashOf(string query) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(query)).AsSpan(0, HashSize));

    private static void Check(ReadOnlySpan<byte> content, Span<byte> check)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        hash[..CheckSize].CopyTo(check);
    }
}
