using ClusterGrains.Resources;

namespace ClusterGrains.Access;

/// <summary>
/// Answers to questions that are asked again and again. A question is on its way once, however many wait for the answer; a
/// failure is told to those who waited, and forgotten.
/// </summary>
/// <param name="capacity">How many answers are kept; those not used for the longest time go first.</param>
/// <param name="lasts">For how long an answer is good, counted from the question.</param>
internal sealed class RecentAnswers<TAnswer>(int capacity, Func<TAnswer, TimeSpan> lasts, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly RecentlyUsed<string, Question> _questions = new(capacity);

    /// <param name="ask">Not cancelled with the caller: others may wait for it.</param>
    public Task<TAnswer> Get(string key, Func<Task<TAnswer>> ask, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_questions.TryGet(key, out var question) || IsOver(question))
            {
                question = new Question(Task.Run(ask, CancellationToken.None), time.GetTimestamp());
                _questions.Set(key, question);
            }

            return question.Answer.WaitAsync(cancellationToken);
        }
    }

    private bool IsOver(Question question) => question.Answer.IsCompleted
        && (!question.Answer.IsCompletedSuccessfully || time.GetElapsedTime(question.At) > lasts(question.Answer.Result));

    private sealed record Question(Task<TAnswer> Answer, long At);
}
