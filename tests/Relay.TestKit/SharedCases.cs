namespace Relay.TestKit;

/// <summary>Small inputs that once failed: the folder shared/cases beside the repository, which is never committed. Its README says what is
/// right for each.</summary>
public static class SharedCases
{
    /// <summary>Why a test of a case is skipped where the folder is missing.</summary>
    public const string Missing = "shared/cases is missing";

    private static readonly string? Folder = SharedData.FindFolder("cases");

    /// <summary>The path of a case, or null where it is missing.</summary>
    public static string? File(string name)
    {
        string? path = Folder is null ? null : Path.Combine(Folder, name);
        return System.IO.File.Exists(path) ? path : null;
    }
}
