using System.CommandLine;
using System.Globalization;

namespace Bitacora.Cli.Options;

/// <summary>The rule of options that count something.</summary>
internal static class AtLeastOne
{
    public static void Require(Option option) => option.Validators.Add(result =>
    {
        // What is no number at all is told by whoever reads it.
        if (result.Tokens is [var token] && long.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && number < 1)
        {
            result.AddError($"{option.Name} must be at least 1.");
        }
    });
}
