namespace Relay.Server.Http;

/// <summary>What a handler adds to the entry of its request in the audit log, where path and status do not say it.</summary>
internal static class AuditNotes
{
    private static readonly object Key = new();

    /// <param name="value">Never a secret: keys of all roles but node may read the log.</param>
    public static void Add(HttpContext context, string name, string value)
    {
        if (context.Items[Key] is not SortedDictionary<string, string> notes)
        {
            context.Items[Key] = notes = new(StringComparer.Ordinal);
        }

        notes[name] = value;
    }

    public static IReadOnlyDictionary<string, string>? Read(HttpContext context) => context.Items[Key] as SortedDictionary<string, string>;
}
