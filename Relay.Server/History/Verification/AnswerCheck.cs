using Relay.Server.Fleet;
using Relay.Server.Fleet.Intervals;
using Relay.Server.Repository.Explaining;
using Shared.Contracts.Api;

namespace Relay.Server.History.Verification;

/// <summary>Whether an answer says no more than the reports that prove it.</summary>
internal static class AnswerCheck
{
    private const string Subject = "standing";

    /// <param name="before">What the report before is proved to say; null where nothing is proved.</param>
    /// <param name="after">What the report after is proved to say; null where nothing is proved.</param>
    public static ExplanationStep Verify(NodeHistoryAnswer answer, CheckIn? before, CheckIn? after)
    {
        if (answer.Before?.SeenAt > answer.At || answer.After?.SeenAt <= answer.At)
        {
            return new(false, Subject, "the reports are not before and after the time of the question");
        }

        if (answer.Standing != nameof(NodeHistoryStanding.Ran))
        {
            return new(true, Subject, $"{answer.Standing}: the answer states nothing of that time that would have to be proved");
        }

        if (before is null)
        {
            return new(false, Subject, "the answer says what the node ran, and the report before that time proves nothing");
        }

        string ran = HistoryText.Describe(before);
        if (answer.At == answer.Before!.SeenAt)
        {
            return new(true, Subject, $"Ran: at that very time the node reported {ran}");
        }

        if (answer.After is null)
        {
            return new(false, Subject, "the answer says what the node ran after its latest report");
        }

        bool agree = after is not null && ReportedState.Create(before, "") == ReportedState.Create(after, "")
            && answer.Before!.Request?.PublicKey == answer.After.Request?.PublicKey;
        TimeSpan between = answer.After.SeenAt - answer.Before!.SeenAt;
        return !agree ? new(false, Subject, "the reports before and after do not agree, and the answer says that they do")
            : between <= NodeLimits.Silence ? new(true, Subject, $"Ran: both reports say {ran}")
            : new(
                true, Subject,
                $"Ran: both reports say {ran}. That the reports in the {between.TotalMinutes:0} minutes between them said the same is the relay's "
                    + "statement: they are not kept");
    }
}
