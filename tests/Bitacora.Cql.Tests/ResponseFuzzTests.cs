using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Tests;

/// <summary>Real answers with bytes changed, cut and doubled: whatever comes, it is read or refused, and never anything else.</summary>
public class ResponseFuzzTests
{
    private static readonly byte[][] Originals =
    [
        Envelope(
            Opcode.Result,
            Rows.Body((Rows.Type(0x0D), "text"u8.ToArray()), (Rows.Type(0x21, 0x0D, 0x09), Map()), (Rows.Type(0x09), [0, 0, 0, 1]))),
        Envelope(Opcode.Result, new ServerBytes().Int(4).ShortBytes([1, 2]).ShortBytes([3])
            .Int(1).Int(2).Int(1).Short(1).Text("k").Text("t")
            .Text("a").Short(0x0D).Text("b").Short(0x22).Short(9).Int(4).Int(0).ToArray()),
        Envelope(Opcode.Result, new ServerBytes().Int(5).Text("CREATED").Text("TABLE").Text("k").Text("t").ToArray()),
        Envelope(Opcode.Error, new ServerBytes().Int(0x1500).Text("m").Short(1).Int(0).Int(1)
            .Int(1).Byte(4).Raw([1, 2, 3, 4]).Short(5).Text("CAS")
            .ToArray()),
        Envelope(Opcode.Event, new ServerBytes().Text("STATUS_CHANGE").Text("UP").Byte(4).Raw([1, 2, 3, 4]).Int(9042).ToArray()),
        Envelope(Opcode.Supported, new ServerBytes().Short(1).Text("PROTOCOL_VERSIONS").Short(2).Text("4/v4").Text("5/v5").ToArray()),
    ];

    [Fact]
    public void Mutated_answers_are_read_or_refused() => Fuzz(50_000, seed: 1);

    [Fact(Explicit = true)]
    public void A_million_mutated_answers_are_read_or_refused() => Fuzz(1_000_000, seed: Environment.TickCount);

    private static void Fuzz(int cases, int seed)
    {
        var random = new Random(seed);
        var refused = 0;
        for (var i = 0; i < cases; i++)
        {
            var original = Originals[random.Next(Originals.Length)];
            var body = Mutate(original, random);
            // Half the cases are sealed anew, so that they reach what lies behind the checksums.
            var bytes = random.Next(2) == 0 ? ServerBytes.Frame(body) : Mutate(ServerBytes.Frame(original), random);
            try
            {
                ReadAll(bytes);
            }
            catch (CqlProtocolException)
            {
                refused++;
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed}, case {i}: {Convert.ToHexString(bytes)}", fault);
            }
        }

        refused.ShouldBeInRange(cases / 10, cases - 1);
    }

    private static void ReadAll(byte[] bytes)
    {
        using var decoder = new EnvelopeDecoder(1 << 20) { Version = ProtocolVersion.V5 };
        decoder.SwitchToFrames();
        bytes.CopyTo(decoder.FreeMemory);
        decoder.Received(bytes.Length);
        while (decoder.TryRead(out var envelope))
        {
            Read(decoder, envelope);
        }
    }

    private static void Read(EnvelopeDecoder decoder, in Envelope envelope)
    {
        var reader = new WireReader(envelope.Body);
        switch (envelope.Header.Opcode)
        {
            case Opcode.Result:
                using (var result = ResultReader.Read(decoder, envelope, ProtocolVersion.V5, new Rows()))
                {
                    ReadRows(result);
                }

                break;
            case Opcode.Error:
                ResponsePrefix.Skip(ref reader, envelope.Header.Flags);
                ServerError.Read(ref reader, ProtocolVersion.V5);
                break;
            case Opcode.Event:
                ServerEvent.Read(ref reader);
                break;
            case Opcode.Supported:
                reader.ReadStringMultimap();
                break;
        }
    }

    private static void ReadRows(CqlResult result)
    {
        foreach (var row in result)
        {
            for (var i = 0; i < row.Count; i++)
            {
                ReadValue(row[i]);
            }
        }
    }

    private static void ReadValue(CqlValue value)
    {
        switch (value.Type.Code)
        {
            case CqlTypeCode.Text:
                value.GetText();
                break;
            case CqlTypeCode.Int when !value.IsNull:
                value.GetInt32();
                break;
            case CqlTypeCode.Map:
                foreach (var (key, element) in value.GetMap())
                {
                    ReadValue(key);
                    ReadValue(element);
                }

                break;
            case CqlTypeCode.List or CqlTypeCode.Set:
                foreach (var element in value.GetList())
                {
                    ReadValue(element);
                }

                break;
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToArray();
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Length > 0; changes--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = random.Next(2) == 0 ? (byte)0xFF : (byte)0x7F;
                    break;
                case 3:
                    bytes = [.. bytes.AsSpan(0, at), .. bytes.AsSpan(Math.Min(bytes.Length, at + random.Next(8)))];
                    break;
                default:
                    bytes = [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at, Math.Min(8, bytes.Length - at)), .. bytes.AsSpan(at)];
                    break;
            }
        }

        return bytes;
    }

    private static byte[] Envelope(Opcode opcode, byte[] body) => ServerBytes.Envelope(5, opcode, body);

    private static byte[] Map() => new ServerBytes().Int(1).Bytes("k"u8.ToArray()).Bytes([0, 0, 0, 1]).ToArray();
}
