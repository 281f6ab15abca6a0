using System.Net;
using Bitacora.Cql.Frames;
using Bitacora.Cql.Messages;
using Bitacora.Cql.Values;

namespace Bitacora.Cql.Tests;

public class ResponseTests
{
    [Fact]
    public void Warnings_tracing_and_payload_stand_before_the_message_in_this_order()
    {
        var body = new ServerBytes().Raw(new byte[16]).Short(1).Text("slow").Short(1).Text("k").Bytes([1]).Int(1).ToArray();
        using var result = Rows.Read(body, flags: 0x02 | 0x04 | 0x08);
        result.Warnings.ShouldBe(["slow"]);
    }

    [Fact]
    public void What_follows_the_known_fields_is_ignored()
    {
        using var rows = Rows.Read([.. Rows.Body((Rows.Type(0x09), [0, 0, 0, 1])), 1, 2, 3]);
        rows.RowCount.ShouldBe(1);
        using var done = Rows.Read([0, 0, 0, 1, 9, 9]);
        done.RowCount.ShouldBe(0);
        Error(new ServerBytes().Int(0).Text("x").Raw([1, 2]).ToArray()).Code.ShouldBe(CqlErrorCode.ServerError);
    }

    [Fact]
    public void Strings_are_as_long_as_their_unsigned_length_says()
    {
        foreach (var length in new[] { 0, 32767, 32768, 65535 })
        {
            Error(new ServerBytes().Int(0x2200).Text(new string('x', length)).ToArray()).Message.Length
                .ShouldBe("Invalid: ".Length + length);
        }
    }

    [Fact]
    public void Columns_have_their_own_table_or_a_common_one()
    {
        var body = new ServerBytes().Int(2).Int(0).Int(2)
            .Text("ks1").Text("t1").Text("a").Short(0x21).Short(0x0D).Short(0x20).Short(0x09)
            .Text("ks2").Text("t2").Text("b").Short(0).Text("org.example.VectorType(float, 3)")
            .Int(0).ToArray();
        using var result = Rows.Read(body);
        result.Columns.Select(c => $"{c.Keyspace}.{c.Table}.{c.Name} {c.Type}")
            .ShouldBe(["ks1.t1.a map<text, list<int>>", "ks2.t2.b org.example.VectorType(float, 3)"]);
    }

    [Fact]
    public void Tuples_and_user_defined_types_are_known_and_read_raw()
    {
        var tuple = Rows.Type(0x31, 2, 0x09, 0x0D);
        var userDefined = new ServerBytes().Short(0x30).Text("ks").Text("address").Short(1).Text("street").Short(0x0D).ToArray();
        using var result = Rows.Read(Rows.Body((tuple, [1, 2]), (userDefined, [3])));
        result.Columns.Select(c => c.Type.Name).ShouldBe(["tuple<int, text>", "ks.address"]);
        using var rows = result.GetEnumerator();
        rows.MoveNext().ShouldBeTrue();
        rows.Current[0].Raw.ToArray().ShouldBe([1, 2]);
    }

    [Fact]
    public void Types_are_not_nested_without_end()
    {
        var type = Rows.Type([.. Enumerable.Repeat(0x20, 1000), 0x09]);
        Should.Throw<CqlProtocolException>(() => Rows.Read(Rows.Body((type, null)))).Message.ShouldContain("nested");
    }

    [Fact]
    public void Lying_counts_fail_before_memory_is_taken()
    {
        byte[][] bodies =
        [
            new ServerBytes().Int(2).Int(1).Int(int.MaxValue).Text("k").Text("t").ToArray(),
            new ServerBytes().Int(2).Int(1).Int(1).Text("k").Text("t").Text("c").Short(9).Int(int.MaxValue).ToArray(),
            new ServerBytes().Int(2).Int(1).Int(1).Text("k").Text("t").Text("c").Short(0x31).Short(65535).ToArray(),
            new ServerBytes().Int(4).ShortBytes([1]).ShortBytes([1]).Int(0).Int(1).Int(int.MaxValue).ToArray(),
            new ServerBytes().Int(2).Int(1).Int(-1).ToArray(),
        ];
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var body in bodies)
        {
            Should.Throw<CqlProtocolException>(() => Rows.Read(body));
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(5_000_000);
    }

    [Fact]
    public void Rows_without_columns_use_those_that_are_known()
    {
        var columns = new ColumnSet([new CqlColumn("ks", "t", "a", CqlType.Simple(CqlTypeCode.Int))]);
        var body = new ServerBytes().Int(2).Int(4).Int(1).Int(1).Bytes([0, 0, 0, 5]).ToArray();
        using var result = new Rows { KnownColumns = columns }.ReadBody(body);
        First(result).ShouldBe(5);
        Should.Throw<CqlProtocolException>(() => Rows.Read(body)).Message.ShouldContain("not known");
    }

    [Fact]
    public void Changed_columns_are_told_to_the_request()
    {
        var request = new Rows();
        var body = new ServerBytes().Int(2).Int(1 | 8).Int(1).ShortBytes([7, 7]).Text("k").Text("t").Text("c").Short(9).Int(0).ToArray();
        request.ReadBody(body).Dispose();
        request.NewId.ShouldBe([7, 7]);
    }

    [Fact]
    public void The_paging_state_says_whether_more_follows_not_the_number_of_rows()
    {
        var body = new ServerBytes().Int(2).Int(1 | 2).Int(1).Bytes([1, 2, 3]).Text("k").Text("t").Text("c").Short(9).Int(0).ToArray();
        using var result = Rows.Read(body);
        result.RowCount.ShouldBe(0);
        result.HasMorePages.ShouldBeTrue();
        result.PagingState.ToArray().ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_row_that_is_cut_off_is_an_error_and_not_a_crash()
    {
        using var result =
            Rows.Read(new ServerBytes().Int(2).Int(1).Int(1).Text("k").Text("t").Text("c").Short(9).Int(1).Int(100).ToArray());
        Should.Throw<CqlProtocolException>(() => First(result));
    }

    [Fact]
    public void Whether_a_lightweight_transaction_was_applied_is_in_its_row()
    {
        var body = new ServerBytes().Int(2).Int(1).Int(1).Text("k").Text("t").Text("[applied]").Short(4).Int(1).Bytes([1]).ToArray();
        using var result = Rows.Read(body);
        result.WasApplied.ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => CqlResult.Done.WasApplied);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void The_answer_to_prepare_is_read(int version)
    {
        var bytes = new ServerBytes().Int(4).ShortBytes([1, 2]);
        bytes = version == 5 ? bytes.ShortBytes([3, 4]) : bytes;
        var body = bytes.Int(1).Int(2).Int(1).Short(1).Text("ks").Text("t").Text("a").Short(0x0D).Text("b").Short(0x09)
            .Int(4).Int(0).ToArray();
        var prepared = Rows.Read(body, version).Prepared!;
        prepared.Id.ShouldBe([1, 2]);
        prepared.ResultMetadataId.ShouldBe(version == 5 ? [3, 4] : []);
        prepared.Markers.Columns.Select(c => c.Name).ShouldBe(["a", "b"]);
        prepared.PartitionKey.ShouldBe([1]);
        prepared.ResultColumns.Count.ShouldBe(0);
    }

    [Fact]
    public void A_changed_schema_is_read()
    {
        Rows.Read(new ServerBytes().Int(5).Text("CREATED").Text("KEYSPACE").Text("ks").ToArray()).SchemaChange
            .ShouldBe(new SchemaChange("CREATED", "KEYSPACE", "ks", null));
        Rows.Read(new ServerBytes().Int(5).Text("DROPPED").Text("FUNCTION").Text("ks").Text("f").Short(1).Text("int").ToArray())
            .SchemaChange
            .ShouldBe(new SchemaChange("DROPPED", "FUNCTION", "ks", "f"));
    }

    [Theory]
    [InlineData(0x0000)]
    [InlineData(0x000A)]
    [InlineData(0x0100)]
    [InlineData(0x1001)]
    [InlineData(0x1002)]
    [InlineData(0x1003)]
    [InlineData(0x1400)]
    [InlineData(0x1600)]
    [InlineData(0x2000)]
    [InlineData(0x2100)]
    [InlineData(0x2200)]
    [InlineData(0x2300)]
    [InlineData(0x7777)]
    public void An_error_has_its_code_and_its_text(int code)
    {
        var error = Error(new ServerBytes().Int(code).Text("the reason").ToArray());
        ((int)error.Code).ShouldBe(code);
        error.Message.ShouldContain("the reason");
    }

    [Fact]
    public void Errors_about_replicas_say_how_many()
    {
        var unavailable = Error(new ServerBytes().Int(0x1000).Text("m").Short(4).Int(2).Int(1).ToArray());
        (unavailable.Consistency, unavailable.Required, unavailable.Received).ShouldBe((Consistency.Quorum, 2, 1));

        var write = Error(new ServerBytes().Int(0x1100).Text("m").Short(6).Int(1).Int(2).Text("NEW_TYPE").ToArray());
        (write.Consistency, write.Received, write.Required, write.WriteType).ShouldBe((Consistency.LocalQuorum, 1, 2, "NEW_TYPE"));

        var cas = Error(new ServerBytes().Int(0x1100).Text("m").Short(6).Int(1).Int(2).Text("CAS").Short(3).ToArray());
        cas.WriteType.ShouldBe("CAS");

        var read = Error(new ServerBytes().Int(0x1200).Text("m").Short(1).Int(0).Int(1).Byte(1).ToArray());
        (read.DataPresent, read.WriteType).ShouldBe((true, null));

        var unknown = Error(new ServerBytes().Int(0x1700).Text("m").Short(8).Int(1).Int(2).ToArray());
        (unknown.Received, unknown.Required).ShouldBe((1, 2));
    }

    [Fact]
    public void Failures_are_a_number_in_v4_and_reasons_in_v5()
    {
        var v4 = Error(new ServerBytes().Int(0x1300).Text("m").Short(1).Int(0).Int(1).Int(3).Byte(0).ToArray(), 4);
        (v4.Failures, v4.DataPresent).ShouldBe((3, false));
        v4.FailureReasons.ShouldBeNull();

        var v5 = Error(
            new ServerBytes().Int(0x1500).Text("m").Short(1).Int(0).Int(1)
                .Int(1).Byte(4).Raw([10, 0, 0, 1]).Short(5).Text("SIMPLE").ToArray());
        v5.FailureReasons.ShouldNotBeNull()[IPAddress.Parse("10.0.0.1")].ShouldBe(5);
        v5.WriteType.ShouldBe("SIMPLE");
    }

    [Fact]
    public void What_exists_already_and_what_is_unprepared_is_named()
    {
        Error(new ServerBytes().Int(0x2400).Text("m").Text("ks").Text("t").ToArray()).Existing.ShouldBe("ks.t");
        Error(new ServerBytes().Int(0x2400).Text("m").Text("ks").Text("").ToArray()).Existing.ShouldBe("ks");
        Error(new ServerBytes().Int(0x2500).Text("m").ShortBytes([1, 2]).ToArray()).UnknownId.ShouldBe([1, 2]);
    }

    [Fact]
    public void Events_are_read_and_unknown_ones_are_known_to_be()
    {
        var up = Event(new ServerBytes().Text("STATUS_CHANGE").Text("UP").Byte(4).Raw([10, 0, 0, 1]).Int(9042).ToArray());
        (up.Type, up.Change, up.Node).ShouldBe((ServerEvent.Status, "UP", IPEndPoint.Parse("10.0.0.1:9042")));
        Event(new ServerBytes().Text("SCHEMA_CHANGE").Text("UPDATED").Text("TABLE").Text("ks").Text("t").ToArray()).Schema!.Name
            .ShouldBe("t");
        Event(new ServerBytes().Text("SOMETHING_NEW").Int(1).ToArray()).Type.ShouldBe("SOMETHING_NEW");
        Should.Throw<CqlProtocolException>(() =>
            Event(new ServerBytes().Text("STATUS_CHANGE").Text("UP").Byte(5).Raw([1, 2, 3, 4, 5]).ToArray()));
    }

    private static CqlServerException Error(byte[] body, int version = 5)
    {
        var reader = new WireReader(body);
        return ServerError.Read(ref reader, (ProtocolVersion)version);
    }

    private static ServerEvent Event(byte[] body)
    {
        var reader = new WireReader(body);
        return ServerEvent.Read(ref reader);
    }

    private static int First(CqlResult result)
    {
        using var rows = result.GetEnumerator();
        rows.MoveNext().ShouldBeTrue();
        return rows.Current[0].GetInt32();
    }
}
