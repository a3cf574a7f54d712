namespace Relay.WebConsole.Models.Publishing;

/// <summary>The forms of the page of a version: the last parts of their paths, and their fields.</summary>
internal static class VersionForms
{
    public const string Promote = "promote";
    public const string Release = "release";
    public const string Revoke = "revoke";
    public const string Delete = "delete";

    /// <summary>The field of a release that accepts another schema.</summary>
    public const string SchemaChange = "schema-change";

    /// <summary>The field of a release on a channel that is not there yet.</summary>
    public const string NewChannel = "new-channel";
}
