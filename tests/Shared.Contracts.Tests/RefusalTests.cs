using System.Text;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests;

public sealed class RefusalTests
{
    [Fact]
    [Trait("Attack", "terminal-text")]
    public void Refusal_OfMetadataWhoseTypeMovesTheCursor_IsOnePlainLine()
    {
        byte[] file = Encoding.UTF8.GetBytes("""{"signed":{"_type":"\u001b[2J\nnode forged: stable release 9\u202e"},"signatures":[]}""");

        Refusal refusal = UntrustedMetadata.Read(file).Refusal!;

        Assert.Equal(RefusalReason.MetadataWrongType, refusal.Reason);
        Assert.Contains("\\u001b[2J\\nnode forged", refusal.Detail, StringComparison.Ordinal);
        Assert.True(DisplayText.IsPlain(refusal.Detail));
    }

    [Fact]
    public void Refusal_IsEscapedHoweverItIsMade()
    {
        Refusal refusal = new(RefusalReason.UnlistedTarget, "a\nb", "c\u001bd");
        Assert.Equal(("a\\nb", "c\\u001bd"), (refusal.Subject, refusal.Detail));
        refusal = refusal with { Subject = "\r", Detail = "\0" };
        Assert.Equal(("\\r", "\\u0000"), (refusal.Subject, refusal.Detail));
    }
}
