using System.CodeDom.Compiler;
using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Bitacora.Extensions.Logging.Capture;

/// <summary>Knows the types of states that the framework passes.</summary>
internal static class StateKinds
{
    private const string Generator = "Microsoft.Extensions.Logging.Generators";

    public static StateKind Of(Type state)
    {
        if (!state.IsValueType)
        {
            return StateKind.Other;
        }

        if (state.Assembly == typeof(LoggerMessage).Assembly)
        {
            return state.FullName == "Microsoft.Extensions.Logging.FormattedLogValues" ? StateKind.Formatted
                : state.DeclaringType == typeof(LoggerMessage) && state.Name.StartsWith("LogValues", StringComparison.Ordinal)
                    ? StateKind.Defined
                    : StateKind.Other;
        }

        return state.GetCustomAttribute<GeneratedCodeAttribute>() is { Tool: Generator } && state.IsNested
            && state.Name.StartsWith("__", StringComparison.Ordinal) && state.Name.EndsWith("Struct", StringComparison.Ordinal)
            ? StateKind.Generated
            : StateKind.Other;
    }
}
