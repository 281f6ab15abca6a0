using System.Net;
using System.Text;
using Bitacora.Cql.Values;
using CsCheck;

namespace Bitacora.Cql.Tests;

public class ValueTests
{
    private delegate void Writing(ref ValueWriter writer);

    private delegate T Reading<out T>(CqlValue value);

    [Fact]
    public void Values_are_written_as_the_specification_says()
    {
        Encode((ref w) => w.WriteBoolean(true)).ShouldBe("0000000101");
        Encode((ref w) => w.WriteSByte(-2)).ShouldBe("00000001fe");
        Encode((ref w) => w.WriteInt16(-2)).ShouldBe("00000002fffe");
        Encode((ref w) => w.WriteInt32(258)).ShouldBe("0000000400000102");
        Encode((ref w) => w.WriteInt64(-1)).ShouldBe("00000008ffffffffffffffff");
        Encode((ref w) => w.WriteSingle(1)).ShouldBe("000000043f800000");
        Encode((ref w) => w.WriteDouble(-2)).ShouldBe("00000008c000000000000000");
        Encode((ref w) => w.WriteText("ñ")).ShouldBe("00000002c3b1");
        Encode((ref w) => w.WriteUtf8("ñ"u8)).ShouldBe("00000002c3b1");
        Encode((ref w) => w.WriteBlob([1, 2])).ShouldBe("000000020102");
        Encode((ref w) => w.WriteUuid(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")))
            .ShouldBe("0000001000112233445566778899aabbccddeeff");
        Encode((ref w) => w.WriteTimestamp(DateTimeOffset.UnixEpoch.AddMilliseconds(-1).AddTicks(1))).ShouldBe("00000008ffffffffffffffff");
        Encode((ref w) => w.WriteTimestamp(new DateTimeOffset(1970, 1, 1, 2, 0, 0, TimeSpan.FromHours(2))))
            .ShouldBe("000000080000000000000000");
        Encode((ref w) => w.WriteDate(new DateOnly(1970, 1, 1))).ShouldBe("0000000480000000");
        Encode((ref w) => w.WriteTime(new TimeOnly(0, 0, 0, 0, 1))).ShouldBe("0000000800000000000003e8");
        Encode((ref w) => w.WriteInet(IPAddress.Loopback)).ShouldBe("000000047f000001");
        Encode((ref w) => w.WriteInet(IPAddress.IPv6Loopback)).ShouldBe("0000001000000000000000000000000000000001");
        Encode((ref w) => w.WriteNull()).ShouldBe("ffffffff");
        Encode((ref w) => w.WriteUnset()).ShouldBe("fffffffe");
        Encode((ref w) => w.WriteText("")).ShouldBe("00000000");
    }

    [Fact]
    public void Collections_are_written_with_their_count_and_length()
    {
        static void Map(ref ValueWriter writer)
        {
            writer.BeginCollection();
            writer.WriteText("a");
            writer.BeginCollection();
            writer.WriteInt16(1);
            writer.WriteInt16(2);
            writer.EndCollection();
            writer.EndCollection();
        }

        var type = Rows.Type(0x21, 0x0D, 0x20, 0x13);
        var markers = Rows.Read(Rows.Body((type, null))).Columns;
        Encode(Map, [.. markers])
            .ShouldBe("0000001d" + "00000001" + "0000000161" + "00000010" + "00000002" + "000000020001" + "000000020002");
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        RoundTrip(Gen.Bool, CqlTypeCode.Boolean, (ref w, v) => w.WriteBoolean(v), v => v.GetBoolean());
        RoundTrip(Gen.SByte, CqlTypeCode.TinyInt, (ref w, v) => w.WriteSByte(v), v => v.GetSByte());
        RoundTrip(Gen.Short, CqlTypeCode.SmallInt, (ref w, v) => w.WriteInt16(v), v => v.GetInt16());
        RoundTrip(Gen.Int, CqlTypeCode.Int, (ref w, v) => w.WriteInt32(v), v => v.GetInt32());
        RoundTrip(Gen.Long, CqlTypeCode.BigInt, (ref w, v) => w.WriteInt64(v), v => v.GetInt64());
        RoundTrip(Gen.Float, CqlTypeCode.Float, (ref w, v) => w.WriteSingle(v), v => v.GetSingle());
        RoundTrip(Gen.Double, CqlTypeCode.Double, (ref w, v) => w.WriteDouble(v), v => v.GetDouble());
        RoundTrip(Gen.Guid, CqlTypeCode.Uuid, (ref w, v) => w.WriteUuid(v), v => v.GetUuid());
        RoundTrip(Gen.Int[0, 3652058].Select(DateOnly.FromDayNumber), CqlTypeCode.Date, (ref w, v) => w.WriteDate(v), v => v.GetDate());
        RoundTrip(
            Gen.Long[0, 863_999_999_999].Select(t => new TimeOnly(t)), CqlTypeCode.Time, (ref w, v) => w.WriteTime(v), v => v.GetTime());
        RoundTrip(
            Gen.Long[-62135596800000, 253402300799999].Select(DateTimeOffset.FromUnixTimeMilliseconds), CqlTypeCode.Timestamp,
            (ref w, v) => w.WriteTimestamp(v), v => v.GetTimestamp());
        RoundTrip(Gen.Byte.Array[4].Select(b => new IPAddress(b)), CqlTypeCode.Inet, (ref w, v) => w.WriteInet(v), v => v.GetInet());
        RoundTrip(Gen.Byte.Array[16].Select(b => new IPAddress(b)), CqlTypeCode.Inet, (ref w, v) => w.WriteInet(v), v => v.GetInet());
        RoundTrip(
            Gen.String.Select(s => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(s))), CqlTypeCode.Text, (ref w, v) => w.WriteText(v),
            v => v.GetText()!);
        RoundTrip(
            Gen.Byte.Array.Select(Convert.ToHexString), CqlTypeCode.Blob, (ref w, v) => w.WriteBlob(Convert.FromHexString(v)),
            v => Convert.ToHexString(v.GetBlob()));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.Epsilon)]
    public void Odd_numbers_survive(double value)
    {
        using var result = Rows.OfOne(CqlTypeCode.Double, Value((ref w) => w.WriteDouble(value)));
        One(result, v => v.GetDouble()).ShouldBe(value);
    }

    [Fact]
    public void Null_empty_and_unset_are_three_things()
    {
        using var isNull = Rows.OfOne(CqlTypeCode.Text, null);
        One(isNull, v => v.IsNull).ShouldBeTrue();
        One(isNull, v => v.GetText()).ShouldBeNull();
        using var empty = Rows.OfOne(CqlTypeCode.Text, []);
        One(empty, v => v.IsNull).ShouldBeFalse();
        One(empty, v => v.GetText()).ShouldBe("");
    }

    [Fact]
    public void A_getter_of_another_type_says_which_it_is()
    {
        using var result = Rows.OfOne(CqlTypeCode.Int, [0, 0, 0, 1]);
        Should.Throw<InvalidCastException>(() => One(result, v => v.GetSingle())).Message.ShouldContain("int");
        using var isNull = Rows.OfOne(CqlTypeCode.Int, null);
        Should.Throw<InvalidOperationException>(() => One(isNull, v => v.GetInt32())).Message.ShouldContain("null");
        using var empty = Rows.OfOne(CqlTypeCode.Int, []);
        Should.Throw<CqlProtocolException>(() => One(empty, v => v.GetInt32())).Message.ShouldContain("0 bytes");
    }

    [Fact]
    public void A_date_beyond_the_calendar_is_refused_and_its_bytes_are_there()
    {
        using var result = Rows.OfOne(CqlTypeCode.Date, [0, 0, 0, 0]);
        Should.Throw<OverflowException>(() => One(result, v => v.GetDate()));
        One(result, v => v.Raw.Length).ShouldBe(4);
    }

    [Fact]
    public void Collections_are_read_in_order()
    {
        var map = new ServerBytes().Int(2).Bytes("k1"u8.ToArray()).Bytes([0, 0, 0, 1])
            .Bytes("k2"u8.ToArray()).Bytes([0, 0, 0, 2]).ToArray();
        using var result = Rows.Read(Rows.Body((Rows.Type(0x21, 0x0D, 0x09), map), (Rows.Type(0x22, 0x0D), null)));
        using var rows = result.GetEnumerator();
        rows.MoveNext().ShouldBeTrue();
        var read = new List<string>();
        foreach (var (key, value) in rows.Current[0].GetMap())
        {
            read.Add($"{key.GetText()}={value.GetInt32()}");
        }

        read.ShouldBe(["k1=1", "k2=2"]);
        rows.Current[1].GetList().Count.ShouldBe(0);
        rows.Current["c0"].GetMap().Count.ShouldBe(2);
    }

    [Fact]
    public void A_wrong_type_is_refused_with_the_markers_name()
    {
        var markers = Rows.Read(Rows.Body((Rows.Type(0x0D), null), (Rows.Type(0x09), null))).Columns;
        var fault = Should.Throw<ArgumentException>(() => Encode(
            (ref w) =>
            {
                w.WriteText("x");
                w.WriteInt64(1);
            },
            [.. markers]));
        fault.Message.ShouldContain("Marker 2 (t.c1)");
        fault.Message.ShouldContain("int");
    }

    [Fact]
    public void Something_else_may_be_written_in_the_place_of_a_value_that_was_refused()
    {
        var markers = Rows.Read(Rows.Body((Rows.Type(0x0D), null), (Rows.Type(0x0D), null))).Columns;
        Encode(
            (ref w) =>
            {
                w.WriteText("x");
                try
                {
                    w.WriteUtf8(new byte[2000]);
                }
                catch (ArgumentException)
                {
                    w.WriteNull();
                }
            },
            [.. markers],
            limit: 1500).ShouldBe("0000000178ffffffff");
    }

    [Fact]
    public void Too_few_and_too_many_values_are_refused()
    {
        var markers = Rows.Read(Rows.Body((Rows.Type(0x0D), null))).Columns;
        Should.Throw<ArgumentException>(() => Encode((ref _) => { }, [.. markers])).Message.ShouldContain("1 markers, 0 values");
        Should.Throw<ArgumentException>(() => Encode(
            (ref w) =>
            {
                w.WriteText("x");
                w.WriteRaw([1]);
            },
            [.. markers]));
    }

    [Fact]
    public void Null_and_unset_are_refused_in_a_collection()
    {
        Should.Throw<InvalidOperationException>(() => Encode((ref w) => { w.BeginCollection(); w.WriteNull(); }));
        Should.Throw<InvalidOperationException>(() => Encode((ref w) => { w.BeginCollection(); w.WriteUnset(); }));
        Should.Throw<InvalidOperationException>(() => Encode((ref w) => w.BeginCollection()));
    }

    [Fact]
    public void Values_beyond_the_limit_are_refused_before_memory_is_taken()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<ArgumentException>(() => Encode((ref w) => w.WriteBlob(new byte[2000]), limit: 1500));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100_000);
    }

    private static void RoundTrip<T>(Gen<T> values, CqlTypeCode type, Writing<T> write, Reading<T> read) => values.Sample(
        value =>
        {
            using var result = Rows.OfOne(type, Value((ref w) => write(ref w, value)));
            return Equals(One(result, read), value);
        },
        iter: 300);

    private delegate void Writing<in T>(ref ValueWriter writer, T value);

    private static T One<T>(CqlResult result, Reading<T> read)
    {
        using var rows = result.GetEnumerator();
        rows.MoveNext().ShouldBeTrue();
        return read(rows.Current[0]);
    }

    private static byte[] Value(Writing write) => Convert.FromHexString(Encode(write))[4..];

    private static string Encode(Writing write, CqlColumn[]? markers = null, int limit = 1 << 20)
    {
        var buffer = new ValueBuffer();
        var writer = new ValueWriter(buffer, markers is null ? null : new Messages.ColumnSet(markers), limit);
        write(ref writer);
        writer.Finish();
        var written = Convert.ToHexStringLower(buffer.Written);
        buffer.Release();
        return written;
    }
}
