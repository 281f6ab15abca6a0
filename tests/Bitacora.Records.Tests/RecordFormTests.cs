using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Records.Tests;

public sealed class RecordFormTests
{
    private const long Now = 17145666051234567;

    private static readonly Gen<string> Text = Gen.String[Gen.Char[' ', 'ÿ'], 0, 20];

    private readonly RecordBatchBuilder _builder = Builder();

    [Fact]
    public void Records_that_are_filled_in_have_the_bytes_of_those_that_are_set_field_by_field() =>
        Gen.Select(Values, Values, Gen.Int[0, 127], Gen.Int[0, 3]).Sample((example, values, chosen, batches) =>
        {
            var slots = Slots.Where((_, i) => (chosen >> i & 1) == 1).ToArray();
            var builder = Builder();
            var origin = builder.AddOrigin(Origin.OfGeneration("x"u8));
            var form = Set(builder.Begin(), example).MakeForm(slots).ShouldNotBeNull();
            form.SlotCount.ShouldBe(slots.Length);
            var expected = Builder();
            expected.AddOrigin(Origin.OfGeneration("x"u8));
            for (var i = 0; i <= batches; i++)
            {
                var mixed = Mix(example, values, slots);
                Set(expected.Begin(), mixed).TryCommit(origin, (ulong)i).ShouldBeTrue();
                var record = builder.Begin();
                Fill(record, form, mixed, slots).ShouldBe(true);
                record.TryCommit(origin, (ulong)i).ShouldBeTrue();
            }

            builder.Freeze().Bytes.ToArray().ShouldBe(expected.Freeze().Bytes.ToArray());
        });

    [Fact]
    public void What_cannot_be_taken_as_it_is_leaves_the_record_as_it_was_set()
    {
        var whole = new FormValues("id", "note", 7, 1.5, "message");
        FormSlot[] slots = [FormSlot.Of(NamedField.RequestId), FormSlot.Duration, FormSlot.Attribute(0), FormSlot.Attribute(1)];
        var form = Set(_builder.Begin(), whole).MakeForm(slots).ShouldNotBeNull();
        byte[] invalid = [0xC3];
        Check(Now, "m"u8, "r"u8, "n"u8, isFit: true);
        Check(Now, "m"u8, default, "n"u8, isFit: false);
        Check(Now, "m"u8, new byte[257], "n"u8, isFit: false);
        Check(Now, "m"u8, invalid, "n"u8, isFit: false);
        Check(Now, "m"u8, "r"u8, invalid, isFit: false);
        Check(Now, "m"u8, "r"u8, new byte[(32 << 10) + 1], isFit: false);
        Check(Now, invalid, "r"u8, "n"u8, isFit: false);
        Check(Now, new byte[(1 << 20) + 1], "r"u8, "n"u8, isFit: false);
        Check(-1, "m"u8, "r"u8, "n"u8, isFit: false);
        Check(Now + TimeSpan.FromMinutes(11).Ticks, "m"u8, "r"u8, "n"u8, isFit: false);

        void Check(long time, ReadOnlySpan<byte> message, ReadOnlySpan<byte> request, ReadOnlySpan<byte> note, bool isFit)
        {
            var record = Set(_builder.Begin(), whole);
            var filling = record.BeginFilling(form, time, Level.Error, message, request.Length + note.Length + 8);
            filling.Add(request);
            filling.Add(2.5);
            filling.Add(note);
            filling.Add(8L);
            filling.TryEnd().ShouldBe(isFit);
            record.TryCommit(_builder.AddOrigin(Origin.OfGeneration("x"u8)), 1).ShouldBeTrue();
            var read = _builder.Freeze()[0];
            (read.Level, read.Message.SequenceEqual(isFit ? "m"u8 : "message"u8)).ShouldBe((isFit ? Level.Error : Level.Warning, true));
        }
    }

    [Fact]
    public void Values_of_other_types_and_too_few_or_too_many_of_them_do_not_fit()
    {
        var form = Set(_builder.Begin(), new FormValues("id", "note", 7, 1.5, "message"))
            .MakeForm([FormSlot.Attribute(0), FormSlot.Attribute(1)]).ShouldNotBeNull();
        Fits((ref FormWriter filling) => filling.Add("n"u8)).ShouldBeFalse();
        Fits((ref FormWriter filling) => filling.Add(7L)).ShouldBeFalse();
        Fits((ref FormWriter filling) => Add(ref filling, 1.5)).ShouldBeFalse();
        Fits((ref FormWriter filling) => Add(ref filling, 7, "more")).ShouldBeFalse();
        Fits((ref FormWriter filling) => Add(ref filling, 7)).ShouldBeTrue();

        // The room that was asked for is no promise.
        var filling = _builder.Begin().BeginFilling(form, Now, Level.Info, "m"u8, 8);
        filling.Add(new byte[30_000]);
        filling.Add(7L);
        filling.TryEnd().ShouldBe(filling.IsFit);

        static void Add(ref FormWriter filling, object number, string? more = null)
        {
            filling.Add("n"u8);
            if (number is double real)
            {
                filling.Add(real);
            }
            else
            {
                filling.Add((long)(int)number);
            }

            if (more is not null)
            {
                filling.Add("more"u8);
            }
        }

        bool Fits(Filling fill)
        {
            var record = _builder.Begin();
            var filling = record.BeginFilling(form, Now, Level.Info, "m"u8, 100);
            fill(ref filling);
            return filling.TryEnd();
        }
    }

    [Fact]
    public void A_record_that_was_cut_or_given_another_time_makes_no_form_and_neither_does_one_without_the_slot()
    {
        FormSlot[] slots = [FormSlot.Attribute(0)];
        var record = Set(_builder.Begin(), new FormValues("id", new string('x', 40_000), 7, 1.5, "message"));
        record.MakeForm(slots).ShouldBeNull();
        record = _builder.Begin();
        record.AddAttribute("note"u8, "n"u8);
        record.MakeForm(slots).ShouldBeNull();
        record.SetTime(-1);
        record.MakeForm(slots).ShouldBeNull();
        record = _builder.Begin();
        record.SetTime(Now);
        record.AddAttribute("flag"u8, true);
        record.MakeForm(slots).ShouldBeNull();
        record.MakeForm([FormSlot.Of(NamedField.UserId)]).ShouldBeNull();
        record.MakeForm([]).ShouldNotBeNull().SlotCount.ShouldBe(0);
        Should.Throw<ArgumentOutOfRangeException>(() => FormSlot.Of(NamedField.Message));
    }

    [Fact]
    public void A_form_of_one_builders_limits_is_not_used_under_others()
    {
        var form = Set(_builder.Begin(), new FormValues("id", "note", 7, 1.5, "message")).MakeForm([]).ShouldNotBeNull();
        var clock = new FakeTimeProvider(RecordTime.ToDateTimeOffset(Now));
        var narrow = new RecordBatchBuilder(default, new RecordLimits { ShortField = 4 }, clock);
        narrow.Begin().BeginFilling(form, Now, Level.Info, "m"u8, 0).TryEnd().ShouldBeFalse();
        _builder.Begin().BeginFilling(form, Now, Level.Info, "m"u8, 0).TryEnd().ShouldBeTrue();
    }

    [Fact]
    public void A_record_for_which_the_batch_has_no_room_is_the_first_of_the_next_one()
    {
        var form = Set(_builder.Begin(), new FormValues("id", "note", 7, 1.5, "message")).MakeForm([]).ShouldNotBeNull();
        var message = new byte[1_000_000];
        var origin = _builder.AddOrigin(Origin.OfGeneration("x"u8));
        for (var position = 0UL; ; position++)
        {
            var record = _builder.Begin();
            record.BeginFilling(form, Now, Level.Info, message, 0).TryEnd().ShouldBeTrue();
            if (record.TryCommit(origin, position))
            {
                continue;
            }

            _builder.Freeze().Count.ShouldBe(8);
            record.TryCommit(_builder.AddOrigin(Origin.OfGeneration("x"u8)), position).ShouldBeTrue();
            var batch = RecordBatch.Read(_builder.Freeze().Bytes);
            (batch.Count, batch[0].Position, batch[0].Message.Length).ShouldBe((1, position, message.Length));
            return;
        }
    }

    [Fact]
    public void What_was_filled_in_is_gone_when_another_record_is_begun()
    {
        var form = Set(_builder.Begin(), new FormValues("id", "note", 7, 1.5, "message")).MakeForm([]).ShouldNotBeNull();
        _builder.Begin().BeginFilling(form, Now, Level.Info, "filled in"u8, 0).TryEnd().ShouldBeTrue();
        var record = _builder.Begin();
        record.SetText(NamedField.Message, "set");
        record.TryCommit(_builder.AddOrigin(Origin.OfGeneration("x"u8)), 1).ShouldBeTrue();
        _builder.Freeze()[0].ToLogRecord().Message.ShouldBe("set");
    }

    [Fact]
    public void Of_a_record_that_was_filled_in_and_then_does_not_fit_what_was_set_remains()
    {
        var record = Set(_builder.Begin(), new FormValues("id", "note", 7, 1.5, "set"));
        var form = record.MakeForm([]).ShouldNotBeNull();
        record.BeginFilling(form, Now, Level.Info, "filled in"u8, 0).TryEnd().ShouldBeTrue();
        record.BeginFilling(form, -1, Level.Info, "unfit"u8, 0).TryEnd().ShouldBeFalse();
        record.TryCommit(_builder.AddOrigin(Origin.OfGeneration("x"u8)), 1).ShouldBeTrue();
        _builder.Freeze()[0].ToLogRecord().Message.ShouldBe("set");
    }

    private delegate void Filling(ref FormWriter filling);

    private static FormSlot[] Slots =>
    [
        FormSlot.Of(NamedField.RequestId), FormSlot.Of(NamedField.SpanId), FormSlot.Duration, FormSlot.Attribute(0), FormSlot.Attribute(1),
        FormSlot.Attribute(3), FormSlot.Attribute(4),
    ];

    private static Gen<FormValues> Values =>
        Gen.Select(Text.Where(text => text.Length > 0), Text, Gen.Long, Gen.Double, Text)
            .Select((id, note, number, real, message) => new FormValues(id, note, number, real, message));

    private static RecordBatchBuilder Builder() =>
        new(default, RecordLimits.Default, new FakeTimeProvider(RecordTime.ToDateTimeOffset(Now)));

    /// <summary>The example's values but for time, message and the slots.</summary>
    private static FormValues Mix(FormValues example, FormValues values, FormSlot[] slots) => new(
        example.Id, example.Note, example.Number, example.Real, values.Message)
    {
        IdOfSlot = slots.Contains(Slots[0]) ? values.Id : example.IdOfSlot,
        Span = slots.Contains(Slots[1]) ? values.Id : example.Span,
        Duration = slots.Contains(Slots[2]) ? values.Real : example.Duration,
        NoteOfSlot = slots.Contains(Slots[3]) ? values.Note : example.NoteOfSlot,
        NumberOfSlot = slots.Contains(Slots[4]) ? values.Number : example.NumberOfSlot,
        RealOfSlot = slots.Contains(Slots[5]) ? values.Real : example.RealOfSlot,
        Last = slots.Contains(Slots[6]) ? values.Note : example.Last,
    };

    private static RecordWriter Set(RecordWriter record, FormValues values)
    {
        record.Level = Level.Warning;
        record.SetTime(Now);
        record.SetText(NamedField.Message, values.Message);
        record.SetText(NamedField.Template, "template");
        record.SetText(NamedField.Traceback, "traceback");
        record.SetText(NamedField.Source, "shop");
        record.SetText(NamedField.RequestId, values.IdOfSlot);
        record.SetText(NamedField.SpanId, values.Span);
        record.SetDuration(values.Duration);
        record.AddAttribute("note"u8, System.Text.Encoding.UTF8.GetBytes(values.NoteOfSlot));
        record.AddAttribute("number"u8, values.NumberOfSlot);
        record.AddAttribute("flag"u8, true);
        record.AddAttribute("real"u8, values.RealOfSlot);
        record.AddAttribute("last"u8, System.Text.Encoding.UTF8.GetBytes(values.Last));
        return record;
    }

    private static bool Fill(RecordWriter record, RecordForm form, FormValues values, FormSlot[] slots)
    {
        var filling = record.BeginFilling(form, Now, Level.Warning, System.Text.Encoding.UTF8.GetBytes(values.Message), 400);
        foreach (var slot in slots)
        {
            switch (Array.IndexOf(Slots, slot))
            {
                case 0:
                    filling.Add(System.Text.Encoding.UTF8.GetBytes(values.IdOfSlot));
                    break;
                case 1:
                    filling.Add(System.Text.Encoding.UTF8.GetBytes(values.Span));
                    break;
                case 2:
                    filling.Add(values.Duration);
                    break;
                case 3:
                    filling.Add(System.Text.Encoding.UTF8.GetBytes(values.NoteOfSlot));
                    break;
                case 4:
                    filling.Add(values.NumberOfSlot);
                    break;
                case 5:
                    filling.Add(values.RealOfSlot);
                    break;
                default:
                    filling.Add(System.Text.Encoding.UTF8.GetBytes(values.Last));
                    break;
            }
        }

        return filling.TryEnd();
    }

    private sealed record FormValues(string Id, string Note, long Number, double Real, string Message)
    {
        public string IdOfSlot { get; init; } = Id;

        public string Span { get; init; } = Id;

        public double Duration { get; init; } = Real;

        public string NoteOfSlot { get; init; } = Note;

        public long NumberOfSlot { get; init; } = Number;

        public double RealOfSlot { get; init; } = Real;

        public string Last { get; init; } = Note;
    }
}
