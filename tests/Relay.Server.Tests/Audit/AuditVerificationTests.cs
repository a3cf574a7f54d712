using Relay.Server.Audit;
using Shared.Contracts.Api;
using Shared.Contracts.Audit;

namespace Relay.Server.Tests.Audit;

public sealed class AuditVerificationTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void WholeLog_Verifies() => Assert.Null(Verify(Log(5), Head(Log(5), 3), Head(Log(5), 5)));

    [Theory]
    [Trait("Attack", "audit-rewritten")]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void ChangedEntry_IsFound(int index)
    {
        string[] log = Log(6);
        log[index] = log[index].Replace("a subject", "another subject", StringComparison.Ordinal);

        Assert.Contains($"entry {index + 2} does not follow entry {index + 1}", Verify(log), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Attack", "audit-rewritten")]
    public void EntryTakenAway_PutBetweenOrMoved_IsFound()
    {
        string[] log = Log(5);

        Assert.Contains("line 3 is entry 4", Verify([.. log[..2], .. log[3..]]), StringComparison.Ordinal);
        Assert.Contains("line 1 is entry 2", Verify(log[1..]), StringComparison.Ordinal);
        Assert.Contains("line 3 is entry 2", Verify([.. log[..2], log[1], .. log[2..]]), StringComparison.Ordinal);
        Assert.Contains("line 2 is entry 3", Verify([log[0], log[2], log[1], .. log[3..]]), StringComparison.Ordinal);
        Assert.Contains("line 2 is no entry", Verify([log[0], "{}", .. log[1..]]), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Attack", "audit-rewritten")]
    public void LogWrittenAnew_IsFoundByAHeadThatSomebodyKept()
    {
        AuditHead kept = Head(Log(5), 4);
        string[] anew = Log(6, subject: "another subject");

        Assert.Null(Verify(anew));
        Assert.Contains("the log was written anew from an entry up to this one", Verify(anew, kept), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Attack", "audit-cut")]
    public void LogCutAtItsEnd_IsFoundByAHeadThatSomebodyKept() =>
        Assert.Contains("the log ends with entry 3, and entry 5 was there", Verify(Log(3), Head(Log(5), 5)), StringComparison.Ordinal);

    /// <summary>A forger may choose any text; a line that is read otherwise than it is written must not have the same hash.</summary>
    [Theory]
    [InlineData("""{"sequence":1,"at":"2026-01-31T12:00:00+00:00","kind":"event","actor":"relay","action":"a","subject":"s"}""")]
    [InlineData("""{"sequence":1,"sequence":1}""")]
    [InlineData("null")]
    [InlineData("")]
    public void LineThatIsNoEntry_IsFound(string line) => Assert.Contains("line 1 is no entry", Verify([line]), StringComparison.Ordinal);

    private static string? Verify(string[] log, params AuditHead[] heads)
    {
        AuditVerification verification = new(heads);
        return log.Select(verification.Add).FirstOrDefault(error => error is not null) ?? verification.End();
    }

    private static AuditHead Head(string[] log, int sequence) => new(sequence, AuditChain.Hash(log[sequence - 1]), At);

    private static string[] Log(int count, string subject = "a subject")
    {
        string[] lines = new string[count];
        string previous = AuditChain.Start;
        for (int i = 0; i < count; i++)
        {
            lines[i] = AuditChain.ToLine(new AuditEntry
            {
                Sequence = i + 1,
                At = At,
                Kind = AuditEntry.Event,
                Actor = AuditRecord.Relay,
                Action = "an action",
                Subject = subject,
                Previous = previous,
            });
            previous = AuditChain.Hash(lines[i]);
        }

        return lines;
    }
}
