using Bitacora.Records;

namespace Bitacora.Query.Tests;

/// <summary>Traps for users: valid queries that are probably not meant bear a note with the repaired query.</summary>
public class NoteTests
{
    [Theory]
    [InlineData("a and b", "lower-case-operator", "a AND b")]
    [InlineData("not a", "lower-case-operator", "NOT a")]
    [InlineData("-5", "minus-negates", "\"-5\"")]
    [InlineData("temp:(-5)", "minus-negates", "temp:(\"-5\")")]
    [InlineData("NOT a OR b", "not-binds-tighter", "NOT (a OR b)")]
    [InlineData("message:disk full", "only-first-word", "message:\"disk full\"")]
    [InlineData("level=error msg=\"disk full\"", "fields-not-text", "\"level=error msg=\\\"disk full\\\"\"")]
    [InlineData("a level=error msg=x ts=5 b", "fields-not-text", "a \"level=error msg=x ts=5\" b")]
    [InlineData("ptr->next", "searched-as-text", "\"ptr->next\"")]
    [InlineData("at Pool.take(Pool.java:88)", "parenthesis-after-word", "at \"Pool.take(Pool.java:88)\"")]
    [InlineData("foo(bar)", "parenthesis-after-word", "\"foo(bar)\"")]
    [InlineData("Level:ERROR", "field-name-case", "level:ERROR")]
    [InlineData("duration_ms:250ms", "duration-as-text", "duration_ms=250ms")]
    public void A_trap_is_noted_with_the_query_that_was_probably_meant(string query, string code, string repaired)
    {
        QueryNote note = Asking.Parse(query).Notes.ShouldHaveSingleItem();
        note.Code.ShouldBe(code);
        note.Repair.ShouldBe(repaired);
        Should.NotThrow(() => Asking.Parse(repaired));
    }

    [Theory]
    [InlineData("level:ERROR connection")]
    [InlineData("message:disk AND full")]
    [InlineData("message:\"disk full\" now")]
    [InlineData("source=shop host=a")]
    [InlineData("status=500 path=/api")]
    [InlineData("NOT a")]
    [InlineData("a OR NOT b")]
    [InlineData("NOT (a OR b) OR c")]
    [InlineData("(NOT a) OR b")]
    [InlineData("-a OR b")]
    [InlineData("temp:-5")]
    [InlineData("\"-5\"")]
    [InlineData("a (b)")]
    [InlineData("metadata.Level:x")]
    [InlineData("duration_ms:250")]
    [InlineData("status:200 | count by source")]
    public void What_is_clear_bears_no_note(string query) => Asking.Parse(query).Notes.ShouldBeEmpty();

    [Theory]
    [InlineData("views.py:88", "views.py", "\"views.py:88\"")]
    [InlineData("db.example.com:5432", "db.example.com", "\"db.example.com:5432\"")]
    [InlineData("localhost:8080 a", "localhost", "\"localhost:8080\" a")]
    [InlineData("localhost:(8080)", "localhost", "\"localhost:8080\"")]
    [InlineData("metadata.x=1", "x", "\"metadata.x=1\"")]
    public void A_field_that_no_record_has_is_found_with_the_records_that_hold_the_text(string query, string name, string repaired)
    {
        LogQuery asked = Asking.Parse(query);
        RecordBatch batch = Asking.Batch(
            Asking.Draft("File VIEWS.py:88", attributes: "y".Is(1L)), Asking.Draft("db.example.com:5432 localhost:8080 metadata.x=1"));
        AttributeTerm term = Asking.Evaluate(asked, batch).Fields.Missing.ShouldHaveSingleItem();
        term.Name.ShouldBe(name);
        object? count = Asking.Evaluate(FieldWitness.CountOfText(asked, term), batch).Groups!.ToTable().Rows[0][0];
        count.ShouldBe(1L);
        term.Repair.ShouldBe(repaired);
    }

    [Fact]
    public void A_field_that_some_record_in_the_range_has_is_not_noted()
    {
        LogQuery query = Asking.Parse("x:1 level:ERROR y:2");
        FieldWitness fields = Asking.Evaluate(query, Asking.Batch(Asking.Draft(attributes: "x".Is(5L)))).Fields;
        fields.Missing.ShouldHaveSingleItem().Name.ShouldBe("y");
        fields.Saw("y");
        fields.IsSettled.ShouldBeTrue();
    }

    [Fact]
    public void Witnesses_of_parts_of_the_data_are_merged()
    {
        LogQuery query = Asking.Parse("x:1 y:2 z:3");
        FieldWitness left = Asking.Evaluate(query, Asking.Batch(Asking.Draft(attributes: "x".Is(5L)))).Fields;
        left.Merge(Asking.Evaluate(query, Asking.Batch(Asking.Draft(attributes: "y".Is(5L)))).Fields);
        left.Missing.ShouldHaveSingleItem().Name.ShouldBe("z");
    }
}
