using System.CommandLine;

namespace Bitacora.Cli.Options;

/// <summary>The query: all words of the command line that are no options, joined by blanks.</summary>
internal sealed class QueryArgument
{
    private readonly Argument<string[]> _words = new("QUERY")
    {
        Description = "What to look for; nothing matches everything. Quote it for the shell: 'level>=ERROR connection'. "
            + "Behind -- everything is query.",
        HelpName = "QUERY",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public QueryArgument() => _words.CompletionSources.Add(
        "level:ERROR", "level>=WARNING", "source:", "logger:", "host:", "message:", "traceback:", "request_id:", "duration_ms>");

    public void AddTo(Command command) => command.Add(_words);

    public string Read(ParseResult parsed) => string.Join(' ', parsed.GetValue(_words) ?? []);
}
