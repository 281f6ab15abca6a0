using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Bitacora.Cli.Commands;

/// <summary>What is wrong with a command line, in words that say what would be right.</summary>
internal static class UsageProblems
{
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            return [Unknown(unknown, command)];
        }

        if (MisspeltOption(parsed) is { } misspelt)
        {
            return [misspelt];
        }

        if (command is not CliCommand && command.Subcommands.Count > 0)
        {
            return [$"'{PathOf(parsed.CommandResult)}' needs a command: {Names(command)}."];
        }

        return [.. parsed.Errors.Select(Text).Distinct()];
    }

    /// <summary>The command as it is typed, such as <c>bitacora storage status</c>.</summary>
    public static string PathOf(CommandResult result)
    {
        var names = new List<string>();
        for (SymbolResult? at = result; at is CommandResult command; at = at.Parent)
        {
            names.Add(command.Command is RootCommand ? "bitacora" : command.Command.Name);
        }

        names.Reverse();
        return string.Join(' ', names);
    }

    // The library's own words name the framework's types where a number is expected, and take a line for each value that is allowed.
    private static string Text(ParseError error) => error.SymbolResult switch
    {
        OptionResult { IdentifierToken: null, Parent: CommandResult command, Option: var missing } =>
            $"'{PathOf(command)}' needs {missing.Name} {missing.HelpName}.",
        OptionResult { Tokens: [], Option.Arity.MinimumNumberOfValues: > 0 } result =>
            $"'{result.Option.Name}' needs a value: {result.Option.HelpName}.",
        ArgumentResult { Tokens: [], Argument: var missing, Parent: CommandResult command } =>
            $"'{PathOf(command)}' needs a word more: {missing.HelpName ?? missing.Name}.",
        OptionResult { Tokens: [var word], Option: var option } when IsNumber(option.ValueType) && !IsWhole(word.Value) =>
            word.Value.All(char.IsAsciiDigit)
                ? $"'{word.Value}' is more than '{option.Name}' can be; {int.MaxValue} at most."
                : $"'{word.Value}' is no whole number, as '{option.Name}' needs one.",
        OptionResult { Tokens: [var word], Option: var option } when IsNotAmongAllowed(error) =>
            $"'{word.Value}' is no '{option.Name}'; there are {Allowed(option)}.",
        ArgumentResult { Tokens: [var word], Argument: var argument } when IsNotAmongAllowed(error) =>
            $"'{word.Value}' is no {argument.Name}; there are {Allowed(argument)}.",
        _ => error.Message,
    };

    private static bool IsNotAmongAllowed(ParseError error) => error.Message.Contains("not recognized", StringComparison.Ordinal);

    private static bool IsWhole(string word) => int.TryParse(word, CultureInfo.InvariantCulture, out _);

    // What takes only certain values completes them.
    private static string Allowed(Symbol symbol) =>
        string.Join(", ", symbol.GetCompletions(CompletionContext.Empty).Select(item => item.Label));

    private static bool IsNumber(Type type) => type == typeof(int) || type == typeof(int?);

    private static string Unknown(string word, Command command)
    {
        var isOption = word.StartsWith('-');
        var candidates = isOption ? OptionsOf(command) : command.Subcommands.Where(other => !other.Hidden).Select(other => other.Name);
        var suggestion = Nearest(word, candidates) is { } nearest ? $", did you mean '{nearest}'?" : ".";
        return isOption
            ? $"unknown option '{word}'{suggestion}"
            : command.Subcommands.Count > 0
                ? $"unknown command '{word}'{(suggestion == "." ? $"; there are {Names(command)}." : suggestion)}"
                : $"'{word}' is one word too many{suggestion}";
    }

    // No query begins with two hyphens, so such a word is an option that was misspelt, unless it stands behind `--`.
    private static string? MisspeltOption(ParseResult parsed)
    {
        foreach (var token in parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash))
        {
            if (token.Type == TokenType.Argument && token.Value.Length > 2 && token.Value.StartsWith("--", StringComparison.Ordinal))
            {
                var word = token.Value.Split('=', ':')[0];
                var suggestion = Nearest(word, OptionsOf(parsed.CommandResult.Command)) is { } nearest
                    ? $", did you mean '{nearest}'?"
                    : "; behind a lone -- everything is taken as it is.";
                return $"unknown option '{word}'{suggestion}";
            }
        }

        return null;
    }

    private static IEnumerable<string> OptionsOf(Command command) =>
        command.Options.Where(option => !option.Hidden).Select(option => option.Name).Append("--help");

    private static string Names(Command command) =>
        string.Join(", ", command.Subcommands.Where(other => !other.Hidden).Select(other => other.Name));

    private static string? Nearest(string word, IEnumerable<string> candidates)
    {
        var nearest = candidates.Select(candidate => (candidate, Distance: EditDistance.Of(word, candidate)))
            .DefaultIfEmpty()
            .MinBy(pair => pair.Distance);
        return nearest.candidate is not null && nearest.Distance <= Math.Max(1, word.TrimStart('-').Length / 3) ? nearest.candidate : null;
    }
}
