namespace Shared.Scoring.Graph;

/// <summary>One operator of a plan, with all that could be worked out beforehand. Safe for any number of threads at once; allocates
/// nothing.</summary>
internal abstract class PlanStep
{
    public abstract void Run(in Rows rows);
}
