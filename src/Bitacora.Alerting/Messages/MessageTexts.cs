namespace Bitacora.Alerting.Messages;

/// <summary>The words of messages in one language.</summary>
internal sealed record MessageTexts
{
    public static MessageTexts English { get; } = new()
    {
        Kinds = ["fired", "fired late", "still firing", "resolved", "test"],
        Severities = ["info", "warning", "critical"],
        Records = "records",
        Threshold = "threshold",
        Absent = "nothing arrived",
        Window = "Window",
        Groups = "Groups",
        NoValue = "(none)",
        MoreGroups = "more groups",
        Since = "Since",
        Query = "Query",
        Lines = "Lines",
        MoreLines = "more lines",
        LinesProblem = "Not all lines could be read",
        Search = "Open this search",
        Runbook = "Runbook",
        Labels = "Labels",
        Alerts = "Alert",
        LateNote = "Records that arrived late show it; it was not known then.",
        TestNote = "This is a test. Nothing has happened.",
        RuleRemoved = AlertNotification.RuleRemoved,
    };

    public static MessageTexts Spanish { get; } = new()
    {
        Kinds = ["disparada", "disparada con retraso", "sigue activa", "resuelta", "prueba"],
        Severities = ["información", "advertencia", "crítica"],
        Records = "registros",
        Threshold = "umbral",
        Absent = "no llegó nada",
        Window = "Ventana",
        Groups = "Grupos",
        NoValue = "(ninguno)",
        MoreGroups = "grupos más",
        Since = "Desde",
        Query = "Consulta",
        Lines = "Líneas",
        MoreLines = "líneas más",
        LinesProblem = "No se pudieron leer todas las líneas",
        Search = "Abrir esta búsqueda",
        Runbook = "Guía",
        Labels = "Etiquetas",
        Alerts = "Alerta",
        LateNote = "Lo muestran registros que llegaron con retraso; entonces no se sabía.",
        TestNote = "Esto es una prueba. No ha pasado nada.",
        RuleRemoved = "se quitó la regla",
    };

    /// <summary>By <see cref="AlertKind"/>.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>By <see cref="AlertSeverity"/>.</summary>
    public required IReadOnlyList<string> Severities { get; init; }

    public required string Records { get; init; }

    public required string Threshold { get; init; }

    public required string Absent { get; init; }

    public required string Window { get; init; }

    public required string Groups { get; init; }

    public required string NoValue { get; init; }

    public required string MoreGroups { get; init; }

    public required string Since { get; init; }

    public required string Query { get; init; }

    public required string Lines { get; init; }

    public required string MoreLines { get; init; }

    public required string LinesProblem { get; init; }

    public required string Search { get; init; }

    public required string Runbook { get; init; }

    public required string Labels { get; init; }

    public required string Alerts { get; init; }

    public required string LateNote { get; init; }

    public required string TestNote { get; init; }

    public required string RuleRemoved { get; init; }

    public static MessageTexts Of(AlertLanguage language) => language == AlertLanguage.Es ? Spanish : English;
}
