using Shared.Contracts;

namespace Sync.Native.Interop;

/// <summary>A refusal as the text of an error.</summary>
internal static class RefusalText
{
    public static string Write(Refusal refusal) => $"{refusal.Reason} of {refusal.Subject}: {refusal.Detail}";
}
