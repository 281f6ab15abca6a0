namespace Bitacora.Query.Tests;

/// <summary>What is a term, a field, a text (rules 1 to 3), seen in the tree that the parser builds.</summary>
public class TermTests
{
    [Theory]
    [InlineData("", "*")]
    [InlineData("  ", "*")]
    [InlineData("*", "*")]
    [InlineData("a b", "(\"a\" AND \"b\")")]
    [InlineData("a AND b OR c", "((\"a\" AND \"b\") OR \"c\")")]
    [InlineData("NOT a b", "(NOT \"a\" AND \"b\")")]
    [InlineData("NOT a OR b", "(NOT \"a\" OR \"b\")")]
    [InlineData("NOT (a OR b)", "NOT (\"a\" OR \"b\")")]
    [InlineData("NOT(a)", "NOT \"a\"")]
    [InlineData("-(a b)", "NOT (\"a\" AND \"b\")")]
    [InlineData("-a", "NOT \"a\"")]
    [InlineData("a-b", "\"a-b\"")]
    [InlineData("a - b", "(\"a\" AND \"-\" AND \"b\")")]
    [InlineData("and or not", "(\"and\" AND \"or\" AND \"not\")")]
    [InlineData("\"AND\"", "\"AND\"")]
    [InlineData("ANDROID", "\"ANDROID\"")]
    [InlineData("foo(bar)", "(\"foo\" AND \"bar\")")]
    [InlineData("a\u00A0b\u2003c", "(\"a\" AND \"b\" AND \"c\")")]
    public void Operators_bind_as_the_grammar_says(string query, string tree) => Asking.Parse(query).Filter.ToString().ShouldBe(tree);

    [Theory]
    [InlineData("http://x")]
    [InlineData(@"C:\tmp")]
    [InlineData("12:30:05")]
    [InlineData("::1")]
    [InlineData("std::map")]
    [InlineData("Error:")]
    [InlineData("a>=")]
    [InlineData("a=")]
    [InlineData("5\"")]
    [InlineData("say\"x")]
    [InlineData("ptr->next")]
    [InlineData("name-:x")]
    [InlineData("name.:x")]
    [InlineData("ñ:x")]
    [InlineData("-")]
    [InlineData("a\\\"b")]
    public void Words_that_are_no_field_are_text(string word) =>
        Asking.Parse(word).Filter.ShouldBeOfType<TextFilter>().Pattern.Segments.ShouldBe([Records.CaseFold.Fold(word)]);

    [Theory]
    [InlineData("(Error:)")]
    [InlineData("Error:|count")]
    [InlineData("Error: | count")]
    public void A_colon_that_nothing_follows_is_text(string query) =>
        Asking.Parse(query).Filter.ToString().ShouldBe("\"error:\"".Replace("error", "Error", StringComparison.Ordinal));

    [Theory]
    [InlineData("localhost:8080", "localhost:\"8080\"")]
    [InlineData("año:2024", "año:\"2024\"")]
    [InlineData("@l:Error", "@l:\"Error\"")]
    [InlineData("_x=1", "_x=\"1\"")]
    [InlineData("http.status_code=200", "http.status_code=\"200\"")]
    [InlineData("path=\\x", "path=\"\\\\x\"")]
    [InlineData("url=//cdn", "url=\"//cdn\"")]
    [InlineData("temp:-5", "temp:\"-5\"")]
    [InlineData("path=/a*", "path=\"/a*\"")]
    [InlineData("foo:(a OR b)", "(foo:\"a\" OR foo:\"b\")")]
    [InlineData("foo:(a b -c)", "(foo:\"a\" AND foo:\"b\" AND NOT foo:\"c\")")]
    [InlineData("foo:(\"a b\" (c OR d))", "(foo:\"a b\" AND (foo:\"c\" OR foo:\"d\"))")]
    [InlineData("temp:(-5)", "NOT temp:\"5\"")]
    [InlineData("temp:\"-5\"", "temp:\"-5\"")]
    [InlineData("message:(a b)", "(message:\"a\" AND message:\"b\")")]
    [InlineData("field:*", "field:*")]
    [InlineData("field:\"*\"", "field:\"*\"")]
    [InlineData("field:\"\"", "field:\"\"")]
    [InlineData("field:(*)", "field:*")]
    [InlineData("a!=x", "NOT a=\"x\"")]
    [InlineData("path~^/api", "path~\"^/api\"")]
    [InlineData("m~\"(a|b)\"", "m~\"(a|b)\"")]
    [InlineData("x!~y", "NOT x~\"y\"")]
    [InlineData("duration_ms>\"250\"", "duration_ms>250")]
    [InlineData("duration_ms>1.001s", "duration_ms>1001")]
    [InlineData("user_id>=100", "user_id>=100")]
    [InlineData("level>=WARNING", "level:(WARNING OR ERROR OR CRITICAL)")]
    [InlineData("level=error", "level:(ERROR)")]
    [InlineData("level:Err", "level:(ERROR)")]
    [InlineData("level:WARN*", "level:(WARNING)")]
    [InlineData("level~\"R$\"", "level:(ERROR)")]
    [InlineData("layer:INFRA*", "layer:(infrastructure)")]
    [InlineData("level:*", "*")]
    [InlineData("time:*", "*")]
    public void Field_terms_mean_what_the_rules_say(string query, string tree) => Asking.Parse(query).Filter.ToString().ShouldBe(tree);

    [Theory]
    [InlineData("metadata.level:x", "level")]
    [InlineData("attributes.source:x", "source")]
    [InlineData("metadata.metadata.x:1", "metadata.x")]
    [InlineData("Level:ERROR", "Level")]
    [InlineData("metadata:x", "metadata")]
    public void Attributes_are_reached_by_any_other_name_or_by_force(string query, string attribute)
    {
        ComparisonFilter filter = Asking.Parse(query).Filter.ShouldBeOfType<ComparisonFilter>();
        filter.Field.Kind.ShouldBe(FieldKind.Attribute);
        filter.Field.Name.ShouldBe(attribute);
    }

    [Fact]
    public void Only_a_quote_and_a_backslash_are_escapes() =>
        Asking.Parse(@"""a\""b\\c\d""").Filter.ShouldBeOfType<TextFilter>().Pattern.Segments.ShouldBe([@"a""b\c\d"]);

    [Fact]
    public void A_star_splits_an_unquoted_text_only()
    {
        Asking.Parse("con*refused").Filter.ShouldBeOfType<TextFilter>().Pattern.Segments.ShouldBe(["con", "refused"]);
        Asking.Parse("\"con*refused\"").Filter.ShouldBeOfType<TextFilter>().Pattern.Segments.ShouldBe(["con*refused"]);
    }
}
