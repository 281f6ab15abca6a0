using System.CommandLine;

namespace Bitacora.Cli.Options;

/// <summary><c>--format pretty|json|csv</c>.</summary>
internal sealed class FormatOption
{
    private readonly Option<string> _format = new("--format")
    {
        Description = "pretty for people, json (an object a line) and csv for programs.",
        HelpName = "pretty|json|csv",
        DefaultValueFactory = _ => "pretty",
    };

    public FormatOption() => _format.AcceptOnlyFromAmong("pretty", "json", "csv");

    public void AddTo(Command command) => command.Add(_format);

    public OutputFormat Read(ParseResult parsed) => parsed.GetValue(_format) switch
    {
        "json" => OutputFormat.Json,
        "csv" => OutputFormat.Csv,
        _ => OutputFormat.Pretty,
    };
}
