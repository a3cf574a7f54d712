namespace Relay.TestKit;

/// <summary>Small inputs that once failed: the folder shared/cases beside the repository, which is never committed. Its README says what is
/// right for each.</summary>
public static class SharedCases
{
    /// <summary>Why a test of a case is skipped where the folder is missing.</summary>
    public const string Missing = "shared/cases is missing";

    /// <summary>The path of a case, or null where the folder is missing.</summary>
    public static string? File(string name)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, "shared", "cases", name);
            if (System.IO.File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
