using System.Reflection;
using System.Text.RegularExpressions;
using Bitacora.Server.Answers;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Tests;

public partial class DocumentationTests
{
    [Fact]
    public void Every_problem_code_is_documented_and_no_other()
    {
        var codes = typeof(ProblemCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!);
        var page = Page("http-api.md");
        var documented = page[page.IndexOf("## Codes", StringComparison.Ordinal)..].Split('\n').Where(line =>
            line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => Code().Matches(line.Split('|')[1]).Select(match => match.Groups[1].Value));
        documented.Order().ShouldBe(codes.Order());
    }

    [Fact]
    public async Task Every_metric_is_documented()
    {
        await using var server = await TestServer.StartAsync();
        var text = await server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        var page = Page("events.md").Replace("`_", "`bitacora_records_", StringComparison.Ordinal);
        Metric().Matches(text).Select(match => match.Groups[1].Value).Where(name =>
            !page.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_event_is_documented()
    {
        var page = Page("events.md");
        typeof(Log).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()
            .Where(message => !page.Contains($"| {message.EventId} | {message.Level.ToString().ToLowerInvariant()} |",
                StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    private static string Page(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Bitacora.slnx")))
        {
            folder = folder.Parent;
        }

        return File.ReadAllText(Path.Combine(folder.FullName, "docs", name));
    }

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("^# TYPE (\\w+)", RegexOptions.Multiline)]
    private static partial Regex Metric();
}
