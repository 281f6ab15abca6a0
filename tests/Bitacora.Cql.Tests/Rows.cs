using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;

namespace Bitacora.Cql.Tests;

/// <summary>Results as a server sends them, and read as the client reads them.</summary>
internal sealed class Rows : IResultColumns
{
    public ColumnSet? KnownColumns { get; init; }

    public byte[]? NewId { get; private set; }

    public void ColumnsChanged(ReadOnlySpan<byte> newId, ColumnSet columns) => NewId = newId.ToArray();

    /// <summary>A result with one row; types as their bytes, values as theirs.</summary>
    public static byte[] Body(params (byte[] Type, byte[]? Value)[] columns)
    {
        var bytes = new ServerBytes().Int(2).Int(1).Int(columns.Length).Text("ks").Text("t");
        foreach (var (index, column) in columns.Index())
        {
            bytes.Text($"c{index}").Raw(column.Type);
        }

        bytes.Int(1);
        foreach (var column in columns)
        {
            bytes.Bytes(column.Value);
        }

        return bytes.ToArray();
    }

    public static byte[] Type(params int[] codes) => [.. codes.SelectMany(code => new[] { (byte)(code >> 8), (byte)code })];

    /// <summary>One value of a type, as a row has it.</summary>
    public static CqlResult OfOne(CqlTypeCode type, byte[]? value) => Read(Body((Type((int)type), value)));

    public static CqlResult Read(byte[] body, int version = 5, int flags = 0) => new Rows().ReadBody(body, version, flags);

    public CqlResult ReadBody(byte[] body, int version = 5, int flags = 0)
    {
        using var decoder = new EnvelopeDecoder(Decoding.MaxBody) { Version = (ProtocolVersion)version };
        var bytes = ServerBytes.Envelope(version, Opcode.Result, body, flags: flags);
        bytes.CopyTo(decoder.FreeMemory);
        decoder.Received(bytes.Length);
        decoder.TryRead(out var envelope).ShouldBeTrue();
        return ResultReader.Read(decoder, envelope, (ProtocolVersion)version, this);
    }
}
