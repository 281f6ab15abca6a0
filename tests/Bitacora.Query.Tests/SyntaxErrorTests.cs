namespace Bitacora.Query.Tests;

/// <summary>Errors name the position, what was found, and what would be right (rule 18).</summary>
public class SyntaxErrorTests
{
    [Theory]
    [InlineData("a OR", 5, "a term is missing at the end")]
    [InlineData("a AND", 6, "a term is missing at the end")]
    [InlineData("NOT", 4, "a term is missing at the end")]
    [InlineData("OR a", 1, "OR is an operator")]
    [InlineData("a AND OR b", 7, "OR is an operator")]
    [InlineData("a OR | count", 6, "a term is missing before '|'")]
    [InlineData("(a OR )", 7, "a term is missing before ')'")]
    [InlineData("()", 1, "'()' is empty")]
    [InlineData("a )", 3, "')' without '('")]
    [InlineData("(a", 1, "the parenthesis is not closed")]
    [InlineData("a \"b", 3, "the quote is not closed")]
    [InlineData("field:\"b", 7, "the quote is not closed")]
    [InlineData("(a | count)", 4, "'|' inside parentheses")]
    [InlineData("NOT NOT a", 5, "one NOT or '-'")]
    [InlineData("NOT -a", 5, "one NOT or '-'")]
    [InlineData("--a", 2, "one NOT or '-'")]
    [InlineData("-NOT a", 2, "one NOT or '-'")]
    [InlineData("\"a\"b", 4, "'b' stands right after a closing quote")]
    [InlineData("field:\"a\"b", 10, "'b' stands right after a closing quote")]
    [InlineData("status=(200 OR 404)", 8, "a group stands only after ':'")]
    [InlineData("field:(a:b)", 8, "no field inside the group of 'field'")]
    [InlineData("field:(a>1)", 8, "no field inside the group of 'field'")]
    [InlineData("m~(a|b)", 3, "needs quotes")]
    [InlineData("level:EROR", 7, "unknown level 'EROR', did you mean 'ERROR'?")]
    [InlineData("level:notice", 7, "unknown level 'notice', the levels are TRACE")]
    [InlineData("level:X*", 7, "unknown level 'X*'")]
    [InlineData("layer:infrastructur", 7, "did you mean 'infrastructure'?")]
    [InlineData("layer=Application", 7, "did you mean 'application'?")]
    [InlineData("layer>application", 7, "layers have no order")]
    [InlineData("id>5", 4, "ids have no order")]
    [InlineData("size>big", 6, "'size' is compared with a number such as 250")]
    [InlineData("size>2024-05-01", 6, "'size' is compared with a number")]
    [InlineData("size>-5m", 6, "a negative duration such as '-5m' is a value of time only")]
    [InlineData("size>1e400", 6, "within a double's range")]
    [InlineData("size>123456789012345678901234567890123", 6, "at most 32 characters")]
    [InlineData("size>5parsecs", 6, "units ns us ms s m h d w")]
    [InlineData("size>+7", 6, "number")]
    [InlineData("size>.5", 6, "number")]
    [InlineData("size>inf", 6, "number")]
    [InlineData("size>1_000", 6, "number")]
    [InlineData("level>5", 7, "unknown level '5'")]
    [InlineData("x~\"(?=a)b\"", 3, "needs backtracking")]
    [InlineData("x~\"(a\\\\1\"", 3, "the regular expression cannot be used")]
    [InlineData("x~[", 3, "the regular expression cannot be used")]
    [InlineData("time>5", 6, "'5' is no time")]
    [InlineData("time>15m", 6, "did you mean '-15m'?")]
    [InlineData("time>-99999999999w", 6, "is no time; write a time such as")]
    [InlineData("time~2024", 6, "no text for a regular expression")]
    [InlineData("time:2024-05-*", 6, "is no time")]
    [InlineData("NOT time>now", 5, "not under OR or NOT")]
    [InlineData("-time>now", 2, "not under OR or NOT")]
    [InlineData("time>now OR a", 1, "not under OR or NOT")]
    [InlineData("time:(now OR today)", 7, "not under OR or NOT")]
    [InlineData("time!=now", 1, "not under OR or NOT")]
    [InlineData("a (b (c OR time<now))", 12, "not under OR or NOT")]
    public void A_filter_that_cannot_be_read_says_where_and_why(string query, int position, string problem)
    {
        QuerySyntaxException error = Asking.Fails(query);
        error.Position.ShouldBe(position);
        error.Message.ShouldStartWith($"error at {position}: ");
        error.Problem.ShouldContain(problem);
    }

    [Theory]
    [InlineData("error | cuont", 9, "unknown stage 'cuont', did you mean 'count'?")]
    [InlineData("error | Count", 9, "unknown stage 'Count', did you mean 'count'?")]
    [InlineData("error | where x", 9, "the stages are count, stats, top, sort, limit, fields")]
    [InlineData("error |", 8, "a stage is missing after '|'")]
    [InlineData("| | count", 3, "a stage is missing after '|'")]
    [InlineData("| count | stats count", 11, "'stats' cannot stand here")]
    [InlineData("| limit 5 | sort a", 13, "'sort' cannot stand here")]
    [InlineData("| sort a | sort b", 12, "'sort' cannot stand here")]
    [InlineData("| limit 0", 9, "limit needs a number from 1 to 10000, not '0'")]
    [InlineData("| limit 10001", 9, "limit needs a number from 1 to 10000")]
    [InlineData("| limit", 8, "limit needs a number")]
    [InlineData("| limit -5", 9, "limit needs a number")]
    [InlineData("| count by a b", 14, "'b' stands where ',' or '|' would be right")]
    [InlineData("| count by a, b, c, d, time(1h)", 24, "by takes at most 4 keys")]
    [InlineData("| stats max(a),max(b),max(c),max(d),max(e),max(f),max(g),max(h),max(i),max(j),max(k),max(l),max(m),max(n),max(o)," +
        "max(p),min(a)", 121, "stats takes at most 16 functions")]
    [InlineData("| count(x)", 8, "stats count(x)")]
    [InlineData("| sort a desc", 10, "sort -count")]
    [InlineData("| count by time(36h)", 17, "neither divides a day")]
    [InlineData("| count by time(7m)", 17, "neither divides a day")]
    [InlineData("| count by time(50ns)", 17, "neither divides a day")]
    [InlineData("| count by time(0s)", 17, "neither divides a day")]
    [InlineData("| count by time(-1h)", 17, "neither divides a day")]
    [InlineData("| count by time(x)", 17, "needs a duration")]
    [InlineData("| count by time()", 17, "needs a duration")]
    [InlineData("| count by source(1h)", 12, "only time has buckets")]
    [InlineData("| count by", 11, "count by needs a field")]
    [InlineData("| count by a, a", 15, "two columns would be named 'a'")]
    [InlineData("| count by count", 12, "an attribute of that name is metadata.count")]
    [InlineData("| stats", 8, "stats needs a function")]
    [InlineData("| stats summ(x)", 9, "unknown function 'summ', did you mean 'sum'?")]
    [InlineData("| stats sum", 12, "sum needs a field")]
    [InlineData("| stats sum(x", 14, "')' is missing")]
    [InlineData("| stats sum(level)", 13, "sum needs numbers")]
    [InlineData("| stats max(time)", 13, "max needs numbers")]
    [InlineData("| stats p95(message)", 13, "p95 needs numbers")]
    [InlineData("| stats avg(source)", 13, "avg needs numbers")]
    [InlineData("| top 5", 8, "top needs a field")]
    [InlineData("| top source", 7, "top needs a number")]
    [InlineData("| top 5 source by host", 16, "top has no 'by'")]
    [InlineData("| count by source | sort conut", 26, "unknown column 'conut', did you mean 'count'?")]
    [InlineData("| count by time(1h) | sort source", 28, "the columns are time, count")]
    [InlineData("| stats p95(x) | fields p96(x)", 25, "did you mean 'p95(x)'?")]
    [InlineData("| sort p95(x)", 8, "only after stats")]
    [InlineData("| sort a, -a", 12, "'a' comes twice")]
    [InlineData("| fields a, a", 13, "'a' comes twice")]
    [InlineData("| fields", 9, "fields needs a field")]
    public void A_stage_that_cannot_be_read_says_where_and_why(string query, int position, string problem)
    {
        QuerySyntaxException error = Asking.Fails(query);
        error.Position.ShouldBe(position);
        error.Problem.ShouldContain(problem);
    }

    [Theory]
    [InlineData("a==b", "a=b")]
    [InlineData("a=~b", "a~b")]
    [InlineData("a:>5", "a>5")]
    [InlineData("a!~~b", "a!~b")]
    [InlineData("a:=b", "a=b")]
    [InlineData("a!==b", "a!=b")]
    [InlineData("a~=b", "a~b")]
    [InlineData("a=>5", "a>=5")]
    [InlineData("a>>5", "a>5")]
    [InlineData("Map<String>", "\"Map<String>\"")]
    [InlineData("--verbose", "\"--verbose\"")]
    [InlineData("run --verbose", "run \"--verbose\"")]
    [InlineData("foo|bar", "\"foo|bar\"")]
    [InlineData("main()", "\"main()\"")]
    [InlineData("m~(a|b)", "m~\"(a|b)\"")]
    [InlineData("status=(200 OR 404)", "status:(200 OR 404)")]
    [InlineData("x | cuont by y", "x | count by y")]
    [InlineData("| count by a b", "| count by a, b")]
    [InlineData("\"a\"b", "\"a\" b")]
    [InlineData("(a", "(a)")]
    [InlineData("f:(a:b)", "f:(\"a:b\")")]
    public void An_error_shows_the_query_that_was_probably_meant(string query, string repaired)
    {
        QuerySyntaxException error = Asking.Fails(query);
        (error.Repair == repaired || error.Problem.Contains($"'{repaired}'", StringComparison.Ordinal)).ShouldBeTrue(error.Message);
        Should.NotThrow(() => Asking.Parse(repaired));
    }

    [Fact]
    public void A_message_stays_short_however_long_the_word()
    {
        QuerySyntaxException error = Asking.Fails("level:" + new string('x', 16000));
        error.Message.Length.ShouldBeLessThan(1000);
        error.Found.Length.ShouldBeLessThan(200);
    }

    [Fact]
    public void Positions_count_characters_and_not_code_units() => Asking.Fails("😀😀 OR").Position.ShouldBe(6);

    [Fact]
    public void The_message_is_the_one_that_the_rules_show() =>
        Asking.Fails("error x | cuont").Message.ShouldStartWith("error at 11: unknown stage 'cuont', did you mean 'count'?");
}
