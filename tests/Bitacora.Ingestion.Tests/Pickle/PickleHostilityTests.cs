using System.Text;
using Bitacora.Ingestion.Pickle;
using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Pickle;

public class PickleHostilityTests
{
    private const string Command = "cposix\nsystem\n(X\u0006\0\0\0touch tR";

    [Fact]
    public void A_command_is_one_error_and_nothing_happens()
    {
        // What pickle.dumps writes for an object whose __reduce__ gives (os.system, ("touch PATH",)).
        var path = Path.Combine(Path.GetTempPath(), $"bitacora-pickle-{Guid.NewGuid():N}");
        var pickle = Frames.Join(
            Frames.Ascii("cposix\nsystem\nq\0("), Frames.Text("touch " + path), Frames.Ascii("q\u0001tq\u0002Rq\u0003."));

        Frames.Fault(pickle).ShouldContain("not a dictionary");
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public void A_command_within_a_record_is_kept_as_what_it_is() =>
        Decoded.Show(Frames.RecordWith(Frames.Ascii(Command)))
            .ShouldBe("message=m x.@type:'posix.system' x.args:'[\"touch \"]'");

    [Fact]
    public void Opcodes_that_no_record_has_are_refused_one_and_all()
    {
        const string Known = "}])(tuse" + "aqrhj.NKMJLIGXUTcRb";
        Known.Length.ShouldBe(27);
        var others = Enumerable.Range(0, 256).Where(opcode => !Known.Contains((char)opcode, StringComparison.Ordinal));
        foreach (var opcode in others)
        {
            Frames.Fault([.. "(NN"u8, (byte)opcode, .. "N\nN\n."u8]).ShouldBe("an opcode that no log record has", $"{opcode:X2}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("}")]
    [InlineData("}}.")]
    [InlineData("(}.")]
    [InlineData("}.N")]
    [InlineData("N.")]
    [InlineData("]N.")]
    [InlineData("t.")]
    [InlineData("a.")]
    [InlineData("s.")]
    [InlineData("e.")]
    [InlineData("u.")]
    [InlineData("R.")]
    [InlineData("b.")]
    [InlineData("q\0.")]
    [InlineData("h\0.")]
    [InlineData("}Na.")]
    [InlineData("]NNs.")]
    [InlineData("}(Nu.")]
    [InlineData("}(NNe.")]
    [InlineData("}(a.")]
    [InlineData("}(Ns.")]
    [InlineData("}Nb.")]
    [InlineData("N)R.")]
    [InlineData("ca\nb\nNR.")]
    [InlineData("ca\nb.")]
    [InlineData("ca\nb\n)RNa(NNu.")]
    [InlineData("I\n.")]
    [InlineData("I1")]
    [InlineData("I1 \n.")]
    [InlineData("I+1\n.")]
    [InlineData("L--1L\n.")]
    [InlineData("L1.5L\n.")]
    [InlineData("K")]
    [InlineData("M\0")]
    [InlineData("J\0\0\0")]
    [InlineData("G\0\0\0\0\0\0\0")]
    [InlineData("U\u0002a")]
    [InlineData("X\u0001\0\0")]
    [InlineData("X\u00FF\u00FF\u00FF\u00FFa")]
    [InlineData("T\u00FF\u00FF\u00FF\u007Fa")]
    public void What_is_damaged_is_an_error(string pickle) => Frames.Fault(Frames.Ascii(pickle)).ShouldNotBeEmpty();

    [Fact]
    public void A_record_cut_anywhere_is_an_error()
    {
        var whole = Record();
        Frames.Record(whole).Message.ShouldBe("order 4711 placed");
        for (var length = 0; length < whole.Length; length++)
        {
            Frames.Fault(whole[..length]).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void A_list_that_holds_itself_ends() =>
        Frames.RecordWith(Frames.Ascii("]q\0(K\u0001h\0e")).Attribute("x").ShouldBe("[1,\"<cycle>\"]");

    [Fact]
    public void A_dictionary_that_holds_itself_ends() =>
        Decoded.Show(Frames.RecordWith(Frames.Ascii("}q\0(U\u0001ah\0U\u0001bh\0u"))).ShouldBe("message=m x.a:'<cycle>' x.b:'<cycle>'");

    [Fact]
    public void An_object_that_is_its_own_state_ends() =>
        Decoded.Show(Frames.RecordWith(Frames.Ascii("ca\nb\n)Rq\0h\0b")))
            .ShouldBe("message=m x.@type:'a.b' x.args:'[]' x.state:'<cycle>'");

    [Fact]
    public void Values_deeper_than_64_levels_are_an_error_and_63_are_kept()
    {
        Frames.RecordWith(Deep(62)).Attribute("x").ShouldBe(new string('[', 63) + new string(']', 63));
        Frames.Fault(Frames.Dictionary(("x", Deep(64)))).ShouldContain("64 levels");
        Frames.Fault(Frames.Ascii(new string('(', 100_000))).ShouldContain("64 levels");
        Frames.Fault(Frames.Dictionary(("x", Deep(100_000)))).ShouldContain("64 levels");

        static byte[] Deep(int levels) => Frames.Ascii(new string(']', levels + 1) + new string('a', levels));
    }

    [Fact]
    public void Shared_values_are_not_written_without_bound()
    {
        // Forty lists, each of the one before it twice: 2^40 values in 300 bytes.
        var bomb = Frames.Ascii("]q\0" + string.Concat(Enumerable.Range(0, 40).Select(i => $"](h{(char)i}h{(char)i}eq{(char)(i + 1)}")));
        bomb.Length.ShouldBeLessThan(400);
        Frames.Fault(Frames.Dictionary(("x", Frames.Join(Frames.Ascii("("), bomb, Frames.Ascii("t"))))).ShouldContain("values");

        var text = Frames.Join(Frames.Ascii("(("), Frames.Text(new string('x', 500_000)), Frames.Ascii("q\0" + Repeat("h\0", 10) + "tt"));
        Frames.Fault(Frames.Dictionary(("x", text))).ShouldContain("bytes of text");
    }

    [Fact]
    public void Keys_within_keys_are_not_escaped_without_bound()
    {
        // A dictionary as its key's key: each level doubles the escapes of the one within.
        var opcodes = "U\u0001\"";
        for (var i = 0; i < 40; i++)
        {
            opcodes = "}" + opcodes + "Ns";
        }

        Frames.Fault(Frames.Dictionary(("x", Frames.Ascii(opcodes)))).ShouldContain("bytes of text");
    }

    [Fact]
    public void Too_many_values_and_too_many_that_are_remembered_are_errors()
    {
        Frames.Fault(Frames.Ascii("(" + new string('N', PickleMachine.MaxValues + 1) + "t.")).ShouldContain("values");
        var names = Enumerable.Range(0, PickleMachine.MaxRemembered + 1)
            .SelectMany(i => Frames.Sized('r', i));
        Frames.Fault([(byte)'N', .. names, (byte)'.']).ShouldContain("remembered");
    }

    [Fact]
    public void Integers_beyond_64_digits_are_an_error()
    {
        Frames.RecordWith(Frames.Ascii("L" + new string('9', 64) + "L\n")).Attribute("x").ShouldBe("1E+64");
        Frames.Fault(Frames.Dictionary(("x", Frames.Ascii("L" + new string('9', 67) + "L\n")))).ShouldContain("digits");
    }

    [Fact]
    public void Fifty_thousand_mutated_frames_give_a_record_or_the_one_error() => Mutate(50_000);

    [Fact(Explicit = true)]
    public void A_million_mutated_frames_give_a_record_or_the_one_error() => Mutate(1_000_000);

    private static void Mutate(int frames)
    {
        // The real frames beside the repository where they are; of each the same mutations everywhere.
        var random = new Random(20260501);
        byte[][] seeds = Frames.Folder is { } folder
            ? [.. Directory.GetFiles(folder, "*.bin").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
                .Where(frame => frame.Length < 20_000).Select(frame => frame[4..]), Record()]
            : [Record()];
        var decoder = new PythonRecordDecoder();
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, Decoded.Clock);
        var (read, refused) = (0, 0);
        long most = 0;
        for (var i = 0; i < frames; i++)
        {
            var pickle = Mutated(seeds[random.Next(seeds.Length)], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var record = builder.Begin();
                decoder.Decode(pickle, record);
                record.TryCommit(builder.AddOrigin(Decoded.Numbers), 0).ShouldBeTrue();
                read++;
            }
            catch (PickleException)
            {
                refused++;
            }

            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            builder.Clear();
        }

        (read + refused).ShouldBe(frames);
        read.ShouldBeGreaterThan(frames / 100);
        refused.ShouldBeGreaterThan(frames / 100);
        most.ShouldBeLessThan(64 << 20);
    }

    private static byte[] Mutated(byte[] seed, Random random)
    {
        var bytes = (byte[])seed.Clone();
        for (var left = random.Next(1, 5); left > 0 && bytes.Length > 0; left--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes[at] = Opcodes[random.Next(Opcodes.Length)];
                    break;
                case 3:
                    bytes = [.. bytes[..at], .. bytes[random.Next(at, bytes.Length)..]];
                    break;
                case 4:
                    bytes = [.. bytes[..at], Opcodes[random.Next(Opcodes.Length)], .. bytes[at..]];
                    break;
                default:
                    bytes = [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]];
                    break;
            }
        }

        return bytes;
    }

    private static ReadOnlySpan<byte> Opcodes => "}])(tuseaqrhj.NKMJLIGXUTcRb"u8;

    private static byte[] Record() => Frames.Dictionary(
        ("name", Frames.Text("shop.orders")), ("msg", Frames.Text("order 4711 placed")), ("levelno", Frames.Ascii("K\u001E")),
        ("created", Frames.Double(1714564800.123457)), ("thread", Frames.Ascii("L140281586502528L\n")),
        ("basket", Frames.Items(("items", Frames.Ascii("](K\u0001I01\nNe")), ("at", Frames.Ascii("cdecimal\nDecimal\n(U\u0001\u0035tR")))));

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();
}
