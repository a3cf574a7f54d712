using System.Runtime.InteropServices;

namespace Shared.Platform.Files;

/// <summary>A further name of a file, which .NET has no call for: the content is on the disk once.</summary>
internal static partial class HardLink
{
    /// <summary>False where the file system has no such links, where the two names are on different disks, or for any other reason: the
    /// caller writes a copy, and where that fails too, its error says why.</summary>
    public static bool TryCreate(string existing, string name) => OperatingSystem.IsWindows()
        ? CreateHardLink(name, existing, securityAttributes: 0)
        : Link(existing, name) == 0;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string name, string existing, nint securityAttributes);
}
