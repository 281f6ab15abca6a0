using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Tests;

public class RequestTests
{
    [Fact]
    public void A_query_is_written_with_one_byte_of_flags_in_v4_and_four_in_v5()
    {
        Convert.ToHexStringLower(ControlMessages.Query("SELECT", Consistency.One, ProtocolVersion.V4))
            .ShouldBe("0000000653454c4543540001" + "00");
        Convert.ToHexStringLower(ControlMessages.Query("SELECT", Consistency.One, ProtocolVersion.V5))
            .ShouldBe("0000000653454c4543540001" + "00000000");
    }

    [Fact]
    public void Each_part_of_the_parameters_stands_in_its_place()
    {
        var parameters = new QueryParameters
        {
            Consistency = Consistency.LocalQuorum,
            ValueCount = 1,
            ValuesLength = 5,
            SkipMetadata = true,
            PageSize = 100,
            PagingStateLength = 2,
            SerialConsistency = Consistency.LocalSerial,
            Timestamp = 1,
        };
        Write(parameters, ProtocolVersion.V5, [0, 0, 0, 1, 9], [0xAA, 0xBB]).ShouldBe(
            "0006" + "0000003f" + "0001" + "0000000109" + "00000064" + "00000002aabb" + "0009" + "0000000000000001");
        Write(parameters, ProtocolVersion.V4, [0, 0, 0, 1, 9], [0xAA, 0xBB]).ShouldBe(
            "0006" + "3f" + "0001" + "0000000109" + "00000064" + "00000002aabb" + "0009" + "0000000000000001");
    }

    [Fact]
    public void Prepare_has_flags_in_v5_only()
    {
        Convert.ToHexStringLower(ControlMessages.Prepare("S", ProtocolVersion.V4)).ShouldBe("0000000153");
        Convert.ToHexStringLower(ControlMessages.Prepare("S", ProtocolVersion.V5)).ShouldBe("000000015300000000");
    }

    [Fact]
    public void Credentials_are_sent_as_sasl_plain_and_never_printed()
    {
        var credentials = new CqlCredentials("jo", "pw");
        Convert.ToHexStringLower(ControlMessages.PlainToken(credentials)).ShouldBe("00000006" + "006a6f" + "007077");
        credentials.ToString().ShouldNotContain("pw");
    }

    [Fact]
    public void A_batch_is_a_sequence_of_ids_and_values()
    {
        using var batch = new UnloggedBatch();
        var statement = Statement([0xA1, 0xA2], 0x0D, 0x09);
        batch.Add(statement, new TextAndNumber("x", 7));
        Convert.ToHexStringLower(batch.Children).ShouldBe("01" + "0002a1a2" + "0002" + "0000000178" + "0000000400000007");
        batch.Count.ShouldBe(1);
        Convert.ToHexStringLower(batch.FirstValues).ShouldBe("0000000178" + "0000000400000007");
    }

    [Fact]
    public void A_row_that_cannot_be_encoded_leaves_the_batch_as_it_was()
    {
        using var batch = new UnloggedBatch();
        batch.Add(Statement([1], 0x0D, 0x09), new TextAndNumber("x", 7));
        var before = batch.Children.ToArray();
        Should.Throw<ArgumentException>(() => batch.Add(Statement([1], 0x0D, 0x0D), new TextAndNumber("y", 8))).Message
            .ShouldContain("int");
        batch.Children.ToArray().ShouldBe(before);
        batch.Count.ShouldBe(1);
    }

    [Fact]
    public void A_batch_takes_65535_rows_and_no_more()
    {
        using var batch = new UnloggedBatch();
        var statement = Statement([1], 0x0D, 0x09);
        for (var i = 0; i < 65535; i++)
        {
            batch.Add(statement, new TextAndNumber("x", i));
        }

        Should.Throw<InvalidOperationException>(() => batch.Add(statement, new TextAndNumber("x", 0))).Message.ShouldContain("65535");
    }

    [Fact]
    public void A_batch_does_not_grow_beyond_its_limit()
    {
        using var batch = new UnloggedBatch(maxLength: 1024);
        var statement = Statement([1], 0x0D, 0x09);
        Should.Throw<ArgumentException>(() => batch.Add(statement, new TextAndNumber(new string('x', 2000), 0)));
        batch.Length.ShouldBe(0);
    }

    [Fact]
    public void A_statements_new_id_is_put_into_the_rows_that_have_it()
    {
        using var batch = new UnloggedBatch();
        batch.Add(Statement([1, 1], 0x0D, 0x09), new TextAndNumber("x", 7));
        batch.Add(Statement([2, 2], 0x0D, 0x09), new TextAndNumber("y", 8));
        batch.Add(Statement([1, 1], 0x0D, 0x09), new TextAndNumber("z", 9));
        var before = Convert.ToHexStringLower(batch.Children);
        batch.TryReplaceId([1, 1], [3, 3]).ShouldBeTrue();
        Convert.ToHexStringLower(batch.Children).ShouldBe(before.Replace("00020101", "00020303", StringComparison.Ordinal));
        batch.TryReplaceId([2, 2], [4]).ShouldBeFalse();
    }

    [Fact]
    public void Adding_rows_allocates_nothing_once_the_memory_is_there()
    {
        using var batch = new UnloggedBatch();
        var statement = Statement(new byte[16], 0x0D, 0x09);
        void Fill()
        {
            batch.Clear();
            for (var i = 0; i < 100; i++)
            {
                batch.Add(statement, new TextAndNumber("a text of some length", i));
            }
        }

        Fill();
        Fill();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fill();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static PreparedStatement Statement(byte[] id, params int[] types) => new(
        "INSERT",
        new PreparedAnswer(
            id,
            [],
            new ColumnSet([.. types.Select((type, i) => new CqlColumn("ks", "t", $"c{i}", CqlType.Simple((CqlTypeCode)type)))]),
            [0],
            ColumnSet.Empty));

    private static string Write(QueryParameters parameters, ProtocolVersion version, byte[] values, byte[] pagingState)
    {
        var bytes = new byte[parameters.Measure(version)];
        var writer = new WireWriter(bytes);
        parameters.Write(ref writer, version, values, pagingState);
        writer.Position.ShouldBe(bytes.Length);
        return Convert.ToHexStringLower(bytes);
    }

    private readonly record struct TextAndNumber(string Text, int Number) : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer)
        {
            writer.WriteText(Text);
            writer.WriteInt32(Number);
        }
    }
}
