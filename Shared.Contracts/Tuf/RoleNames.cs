namespace Shared.Contracts.Tuf;

/// <summary>The four roles of TUF and the one that our targets role delegates to.</summary>
public static class RoleNames
{
    public const string Root = "root";
    public const string Timestamp = "timestamp";
    public const string Snapshot = "snapshot";
    public const string Targets = "targets";

    /// <summary>The online role that chooses among approved releases.</summary>
    public const string Channels = "channels";

    internal static bool IsTopLevel(string name) => name is Root or Timestamp or Snapshot or Targets;
}
